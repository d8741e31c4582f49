"""The model card: front matter the hub reads, one line per fact."""

from interlingua.models.card import card_text


def test_an_adapter_of_a_hub_model():
    assert card_text(
        "hf:org/model", {"languages": ["swh_Latn", "zho_Hans"], "note": "two\nlines"}, adapter=True
    ) == (
        '---\nlibrary_name: peft\npipeline_tag: text-generation\nbase_model: "org/model"\n---\n'
        "\n# hf:org/model\n\nMade with Interlingua from `hf:org/model`.\n\n"
        "- **languages**: swh_Latn, zho_Hans\n- **note**: two lines\n"
    )


def test_a_model_without_facts_names_no_hub_base():
    text = card_text("lab:tiny", {}, adapter=False)
    assert "base_model" not in text
    assert text.endswith("Made with Interlingua from `lab:tiny`.\n")
