"""Every message a person can get: a sentence, without code words, that says what to do where something is refused.

What is looked at: the sentence of each error class, problems and findings with their remedies, holds, the reasons that
connectors and verbs give, and every msgid of the catalogue (screens, forms, files).
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

import entrepot
from entrepot.channels.problems import PROBLEMS
from entrepot.channels.services.doctor import FINDINGS
from entrepot.channels.words import filled, spoken
from entrepot.kernel import reasons
from entrepot.kernel.errors import EntrepotError
from entrepot.web.wording.words import HOLDS
from tools import reference_docs, translations

SOURCE = Path(entrepot.__file__).parent
DEEDS = (
    "Accept Add Allow Answer Apply Ask Assign Begin Bring Buy Cancel Change Check Choose Clear Close Compare Complete "
    "Connect Copy Correct Count Create Decide Delete Disconnect Divide Do Download Drop Empty Enable End Enter Finish "
    "Fix Follow Free Give Go Hand Have Install Keep Lay Leave Let List Look Make Map Mark Match Mend Move Name Narrow "
    "Nothing Open Order Pack Pick Plan Press Print Put Raise Read Receive Reduce Refuse Release Reload Remove Rename "
    "Renew Repeat Replace Report Restock Restore Resume Run Save Say Scan Search See Select Sell Send Set Settle "
    "Shorten Show Sign Split Start Stop Switch Sync Take Tell Tick Transfer Treat Try Turn Unlink Unpack Untick "
    "Update Upload Use Wait Withdraw Write"
)
THEN = r"(?:[Ii]f [^.;]*?[,;] |[Ee]lse |[Tt]hen |[Ff]irst |[Pp]lease |Once [^.;]*?, )*"
STARTS = r"(?:^|[.:;?!”)}] |, |\bor |\band |\bthen )"
VERB = "|".join([*DEEDS.split(), *DEEDS.lower().split()])
SAYS_WHAT_TO_DO = re.compile(rf"{STARTS}{THEN}(?:{VERB})\b|by itself|Settings ›")
"""An imperative at the beginning of a sentence or clause; or that it goes on without anybody."""
SENTENCE = re.compile(r"^(?:[A-Z“‘]|\{[a-z_]+\}|Entrepot).*(?:[.?!…]”?|\{(?:reason|words|known)\}|”)$", re.DOTALL)
SNAKE = re.compile(r"\b[a-z]+_[a-z_]+\b")
CODE = re.compile(
    r"\b(?:null|NULL|JSON|exception|Exception|traceback|Traceback|stack|payloads|boolean|integer|regex|invalid"
    r"|Invalid|HTTP [1-5]\d\d|[A-Z][a-z]+(?:Error|Exception)|\w+\(\))\b"
)
THEIR_OWN_NAMES = {"post_max_size", "client_max_body_size", "oms_bridge", "secret_keys", "mall_id"}
"""What a host, a shop or our own configuration calls a thing that the person has to find there."""
ROOTS = {"error", "refused", "invalid", "channel_rejected"}
"""Never raised without a sentence of their own, or made of one."""
FOR_WHO_RUNS_IT = ("entrepot.project", "entrepot.cli", "entrepot.api")


def kinds() -> list[type[EntrepotError]]:
    reference_docs._load_everything()
    found = {kind for kind in reference_docs._subclasses(EntrepotError) if kind.__module__.startswith("entrepot.")}
    return sorted(found | {EntrepotError}, key=lambda kind: (kind.code, kind.__name__))


def bare(sentence: str) -> str:
    """Without its fields and the names of others."""
    text = re.sub(r"\{[a-z_]*\}|%\([a-z_]+\)[sd]|%[sd]|https?://\S*", "", sentence)
    return re.sub("|".join(THEIR_OWN_NAMES), "", text)


def wrong_with(sentence: str) -> Iterator[str]:
    if found := SNAKE.search(bare(sentence)):
        yield f"code word “{found[0]}”"
    if found := CODE.search(bare(sentence)):
        yield f"engineer's word “{found[0]}”"
    if "  " in sentence.strip() or sentence != sentence.strip():
        yield "stray spaces"


def test_every_refusal_is_a_sentence_that_says_what_to_do() -> None:
    wrong = []
    for kind in kinds():
        if kind.code in ROOTS or "message" not in vars(kind):
            continue
        faults = list(wrong_with(kind.message))
        if not SENTENCE.match(kind.message):
            faults.append("no sentence")
        if not SAYS_WHAT_TO_DO.search(kind.message):
            faults.append("does not say what to do")
        longest = 700 if kind.__module__.startswith(FOR_WHO_RUNS_IT) else 380
        if not 12 <= len(kind.message) <= longest:
            faults.append(f"{len(kind.message)} characters")
        wrong += [f"{kind.code}: {', '.join(faults)}: {kind.message}"] if faults else []
    assert wrong == []


def test_the_rule_notices_a_refusal_that_leaves_a_person_alone() -> None:
    assert not SAYS_WHAT_TO_DO.search("There is no such order.")
    assert not SAYS_WHAT_TO_DO.search("The store refused this: {reason}")
    assert not SENTENCE.match("quantity: not_a_whole_number")
    assert list(wrong_with("The field unit_price is null.")) == ["code word “unit_price”", "engineer's word “null”"]
    assert list(wrong_with("Its host answers HTTP 404.")) == ["engineer's word “HTTP 404”"]


def remedies() -> list[tuple[str, str, str]]:
    held = [(code, words.title, words.remedy) for code, words in HOLDS.items()]
    return [(code, one.sentence, one.remedy) for code, one in (*PROBLEMS.items(), *FINDINGS.items())] + held


def test_every_problem_finding_and_hold_says_what_happened_and_what_to_do() -> None:
    wrong = []
    for code, sentence, remedy in remedies():
        for words in (sentence, remedy):
            faults = list(wrong_with(words)) + ([] if SENTENCE.match(words) else ["no sentence"])
            wrong += [f"{code}: {', '.join(faults)}: {words}"] if faults else []
        if not SAYS_WHAT_TO_DO.search(remedy):
            wrong.append(f"{code}: does not say what to do: {remedy}")
    assert wrong == []


def reasons_given() -> list[str]:
    """What connectors and verbs put into a sentence as `reason`."""
    found = {text for text, _context in translations.of_errors() if isinstance(text, str)}
    messages = {kind.message for kind in kinds()}
    reference_docs._load_everything()
    return sorted((found - messages) | set(reasons._KNOWN))


def test_every_reason_is_a_sentence_without_code_words() -> None:
    wrong = []
    for reason in reasons_given():
        faults = list(wrong_with(reason))
        if " " in reason and not SENTENCE.match(reason) and reason not in NOT_SENTENCES:
            faults.append("no sentence")
        wrong += [f"{', '.join(faults)}: {reason}"] if faults else []
    assert wrong == []


def test_a_reason_with_fields_is_known_before_it_was_given_in_this_process() -> None:
    late = [
        f"{path.name}: {call.args[0].value}"
        for path in sorted(SOURCE.rglob("*.py"))
        for verb in ast.walk(ast.parse(path.read_text()))
        if isinstance(verb, ast.FunctionDef)
        for call in ast.walk(verb)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "marked"
        if isinstance(call.args[0], ast.Constant) and "{" in str(call.args[0].value)
    ]
    assert late == []


NOT_SENTENCES = {
    "product {number}",
    "the name",
    "the price",
    "the category",
    "the options",
    "no connection",
    "this product",
}
"""Stand inside a sentence, in place of a field."""


def test_no_word_on_a_screen_is_an_engineer_s() -> None:
    catalogue = translations.kept()
    said = {part for one in catalogue if one.id for part in (one.id if isinstance(one.id, tuple) else (one.id,))}
    wrong = {words: faults for words in said if (faults := list(wrong_with(words)))}
    assert wrong == {}


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_reason_kept_in_english_is_spoken_in_the_reader_s_language(language: str) -> None:
    kept = reasons.marked("It is larger than {megabytes} MB.").format(megabytes="3.5")
    with translation.override(language):
        said = spoken(f"The image a.png cannot be used. {kept} Choose another image.")
    assert (
        said
        == {
            "en": "The image a.png cannot be used. It is larger than 3.5 MB. Choose another image.",
            "ko": "a.png 이미지를 쓸 수 없습니다. 3.5 MB보다 큽니다. 다른 이미지를 고르세요.",
        }[language]
    )


def test_what_a_store_said_is_shown_as_its_own_words() -> None:
    kept = reasons.quoted("상품명이 <b>너무</b> 깁니다")
    assert kept == "It said: “상품명이 너무 깁니다.”"
    with translation.override("ko"):
        assert spoken(kept) == "상대 시스템의 답변: “상품명이 너무 깁니다.”"
        assert spoken("Something no one of ours wrote") == "Something no one of ours wrote"


def test_a_quotation_is_bounded_and_holds_no_secret_and_no_person() -> None:
    said = reasons.quoted("call 010-1234-5678 or a.b@example.com, key " + "A1b2" * 12 + ", then wait" + " long" * 100)
    assert "010-1234" not in said
    assert "example.com" not in said
    assert "A1b2A1b2" not in said
    assert len(said) <= reasons.LONGEST_QUOTATION + len(reasons.SAID)
    assert reasons.quoted("") == reasons.quoted(None) == "It gave no reason."


@given(st.text(), st.dictionaries(st.sampled_from(["reason", "field", "said", "sku"]), st.text(max_size=80)))
def test_no_words_of_others_can_break_a_sentence(message: str, fields: dict[str, str]) -> None:
    assert isinstance(filled(message, fields), str)
    assert isinstance(spoken(fields.get("reason", "")), str)
    assert isinstance(reasons.quoted(message), str)
