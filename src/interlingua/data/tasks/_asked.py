"""The words "Question" and "Answer" in many languages, for tasks that need no more of a frame than these.

The wording is ours and not checked by native speakers.
"""

from collections.abc import Mapping, Sequence

from interlingua.data.prompts import fill

_WORDS = {
    "af": "Vraag: |Antwoord: ",
    "am": "ጥያቄ፦ |መልስ፦ ",
    "ar": "السؤال: |الجواب: ",
    "as": "প্ৰশ্ন: |উত্তৰ: ",
    "az": "Sual: |Cavab: ",
    "bg": "Въпрос: |Отговор: ",
    "bn": "প্রশ্ন: |উত্তর: ",
    "ca": "Pregunta: |Resposta: ",
    "cs": "Otázka: |Odpověď: ",
    "da": "Spørgsmål: |Svar: ",
    "de": "Frage: |Antwort: ",
    "el": "Ερώτηση: |Απάντηση: ",
    "en": "Question: |Answer: ",
    "es": "Pregunta: |Respuesta: ",
    "et": "Küsimus: |Vastus: ",
    "eu": "Galdera: |Erantzuna: ",
    "fa": "پرسش: |پاسخ: ",
    "fi": "Kysymys: |Vastaus: ",
    "fr": "Question : |Réponse : ",
    "gu": "પ્રશ્ન: |જવાબ: ",
    "ha": "Tambaya: |Amsa: ",
    "he": "שאלה: |תשובה: ",
    "hi": "प्रश्न: |उत्तर: ",
    "hr": "Pitanje: |Odgovor: ",
    "hu": "Kérdés: |Válasz: ",
    "hy": "Հարց՝ |Պատասխան՝ ",
    "id": "Pertanyaan: |Jawaban: ",
    "ig": "Ajụjụ: |Azịza: ",
    "is": "Spurning: |Svar: ",
    "it": "Domanda: |Risposta: ",
    "ja": "質問：|答え：",
    "ka": "კითხვა: |პასუხი: ",
    "kk": "Сұрақ: |Жауап: ",
    "km": "សំណួរ៖ |ចម្លើយ៖",
    "kn": "ಪ್ರಶ್ನೆ: |ಉತ್ತರ: ",
    "ko": "질문: |답: ",
    "lo": "ຄຳຖາມ: |ຄຳຕອບ:",
    "lt": "Klausimas: |Atsakymas: ",
    "lv": "Jautājums: |Atbilde: ",
    "mk": "Прашање: |Одговор: ",
    "ml": "ചോദ്യം: |ഉത്തരം: ",
    "mn": "Асуулт: |Хариулт: ",
    "mr": "प्रश्न: |उत्तर: ",
    "ms": "Soalan: |Jawapan: ",
    "mt": "Mistoqsija: |Tweġiba: ",
    "my": "မေးခွန်း- |အဖြေ-",
    "nb": "Spørsmål: |Svar: ",
    "ne": "प्रश्न: |उत्तर: ",
    "nl": "Vraag: |Antwoord: ",
    "pa": "ਸਵਾਲ: |ਜਵਾਬ: ",
    "pl": "Pytanie: |Odpowiedź: ",
    "pt": "Pergunta: |Resposta: ",
    "ro": "Întrebare: |Răspuns: ",
    "ru": "Вопрос: |Ответ: ",
    "si": "ප්‍රශ්නය: |පිළිතුර: ",
    "sk": "Otázka: |Odpoveď: ",
    "sl": "Vprašanje: |Odgovor: ",
    "so": "Su'aal: |Jawaab: ",
    "sq": "Pyetje: |Përgjigje: ",
    "sr": "Питање: |Одговор: ",
    "sv": "Fråga: |Svar: ",
    "sw": "Swali: |Jibu: ",
    "ta": "கேள்வி: |பதில்: ",
    "te": "ప్రశ్న: |జవాబు: ",
    "th": "คำถาม: |คำตอบ:",
    "tl": "Tanong: |Sagot: ",
    "tr": "Soru: |Cevap: ",
    "uk": "Запитання: |Відповідь: ",
    "ur": "سوال: |جواب: ",
    "vi": "Câu hỏi: |Trả lời: ",
    "yo": "Ìbéèrè: |Ìdáhùn: ",
    "zh": "问题：|答案：",
    "zh-Hant": "問題：|答案：",
    "zu": "Umbuzo: |Impendulo: ",
}


def frames(before: str = "") -> dict[str, str]:
    """Language -> frame: `before`, then the column `question` and the answer, each after its word."""
    asked = {lang: words.split("|") for lang, words in _WORDS.items()}
    return {lang: f"{before}{ask}{{question}}\n{reply}{{answer}}" for lang, (ask, reply) in asked.items()}


def solved(frame: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Examples written out in `frame`, each followed by an empty line."""
    filled: list[Mapping[str, str]] = [dict(zip(columns, row, strict=True)) for row in rows]
    return "".join(f"{fill(frame, values)}\n\n" for values in filled)
