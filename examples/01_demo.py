"""The main job in a few lines: a lab world, a model tuned on question translations of two languages, a page.

`python examples/01_demo.py` takes seconds in the smallest world, where nothing is proved; `lab:standard` is
the real thing, and `interlingua demo` the same from a shell.
"""

from interlingua.report.text import summary
from interlingua.studies.demo import demo


def main() -> None:
    """Run it, print the result, say where the page is."""
    result = demo("lab:tiny", items=20, arms=("question_translation", "shuffled"), workers=1)
    print(summary(result))
    print(f"Report: {result['report']}")


if __name__ == "__main__":
    main()
