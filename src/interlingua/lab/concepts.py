"""The concepts all lab languages talk about: nouns of four topics, verbs, adjectives, words of tasks."""

TOPICS: dict[str, tuple[str, ...]] = {
    "food": ("bread", "soup", "apple", "cheese", "salt"),
    "animals": ("dog", "horse", "bird", "fish", "goat"),
    "tools": ("hammer", "rope", "knife", "wheel", "lamp"),
    "nature": ("river", "stone", "cloud", "forest", "snow"),
}
NOUNS = tuple(noun for nouns in TOPICS.values() for noun in nouns)
GOOD = ("lovely", "fine", "great", "pleasant")
BAD = ("awful", "dull", "rotten", "nasty")
ANTONYMS = (("tall", "short"), ("old", "young"), ("rich", "poor"), ("calm", "angry"), ("strong", "weak"))
ATTRIBUTES = tuple(word for pair in ANTONYMS for word in pair)
VERBS = ("see", "find", "like", "bring", "call", "follow")
FUNCTION = ("is", "by", "and")
FRAME = ("review", "feeling", "text", "topic", "fact", "claim", "verdict", "first", "second", "relation")
ANSWERS: dict[str, tuple[str, ...]] = {
    "sentiment": ("positive", "negative"),
    "topic": tuple(TOPICS),
    "inference": ("true", "unknown", "false"),
    "paraphrase": ("same", "different"),
}
ANSWER_WORDS = tuple(word for words in ANSWERS.values() for word in words)
CONCEPTS = (*NOUNS, *GOOD, *BAD, *ATTRIBUTES, *VERBS, *FUNCTION, *FRAME, *ANSWER_WORDS)
NAMES = (
    *("Miro", "Tesa", "Kalu", "Bina", "Doro", "Sefi", "Nalo", "Ruva"),
    *("Pemi", "Gavo", "Luki", "Zari", "Hemo", "Yori", "Fabe", "Wasu"),
)
"""People, written alike in every language."""
