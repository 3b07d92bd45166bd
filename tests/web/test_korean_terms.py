"""The Korean catalogue keeps to one word for one thing (docs/reference/korean-terms.md), in the polite form."""

import re
from pathlib import Path

from tools import translations

NOT_OURS = {
    r"운송장": "송장",
    r"송장 번호": "송장번호",
    r"리스팅": "쇼핑몰 상품",
    r"소포": "박스",
    r"배송사|배송업체|운송사": "택배사",
    r"(?<!스마트)(?<!멀티)스토어": "쇼핑몰",
    r"상점(?!\(Store\))": "쇼핑몰",
    r"합배송|묶음배송": "합포장",
    r"현재고|보유 수량": "실재고",
    r"가용 재고|예약 재고(?=[는은이가를을와과] )": "가용재고, 예약재고",
    r"픽킹|피킹 목록": "피킹, 피킹 리스트",
    r"패킹": "포장",
    r"피킹 차수": "웨이브",
    r"배송 준비 ?중|배송 중": "배송준비중, 배송중",
    r"저절로|스스로": "자동으로",
    r"메세지": "메시지",
    r"Cafe24": "카페24",
    r"당신|귀하": "",
    r"해주세요|하십시오|바랍니다": "해 주세요, 하세요",
    r"고객님": "구매자",
    r"재고(?:을|은 |과 |이 )": "재고를, 재고는, 재고와, 재고가",
    r"\.\.\.": "…",
}
"""What another system or a dictionary would say, and what we say."""
PLAIN_FORM = re.compile(r"(?:한다|된다|있다|없다|이다|않는다|했다|됐다|었다|겠다)\.")
ENGLISH_LEFT = re.compile(r"[A-Za-z]{3,}")
STAYS_LATIN = {"App URL", "Client ID", "Client Secret", "OpenCart", "Redirect URI(s)", "SKU", "Webhook", "PDF", "ZPL"}


def entries() -> list[tuple[str, str]]:
    found = []
    for one in translations.kept():
        ids = one.id if isinstance(one.id, tuple) else (one.id,)
        words = one.string if isinstance(one.string, tuple) else (one.string,)
        found += [(ids[-1], word) for word in words if ids[-1] and word]
    return found


def complaints(korean: str) -> list[str]:
    wrong = [f"“{found[0]}” → {ours}" for rule, ours in NOT_OURS.items() if (found := re.search(rule, korean))]
    return wrong + (["plain form"] if PLAIN_FORM.search(korean) else [])


def test_every_korean_word_is_one_of_ours() -> None:
    assert {english: wrong for english, korean in entries() if (wrong := complaints(korean))} == {}


def test_another_word_would_be_noticed() -> None:
    assert complaints("운송장 번호를 입력한다.") == ["“운송장” → 송장", "“송장 번호” → 송장번호", "plain form"]
    assert complaints("네이버 스마트스토어의 송장번호입니다.") == []


def test_no_english_is_left_where_korean_belongs() -> None:
    left = {
        korean
        for _english, korean in entries()
        if not re.search("[가-힣]", korean)
        and ENGLISH_LEFT.search(re.sub(r"\{[a-z_]+\}|%\([a-z_]+\)[sd]", "", korean))
        and not any(name in korean for name in STAYS_LATIN)
    }
    assert {words for words in left if "SHIRT" not in words} == set()


def test_every_plural_has_its_korean() -> None:
    plurals = [one for one in translations.kept() if isinstance(one.id, tuple)]
    assert [one.id for one in plurals if not (isinstance(one.string, tuple) and all(one.string))] == []
    assert len(plurals) > 50


def test_every_term_of_the_reference_page_is_how_the_catalogue_says_it() -> None:
    said = dict(entries())
    page = Path("docs/reference/korean-terms.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([A-Z][^|]+?) \| ([^|]+?) \|", page, re.MULTILINE)
    assert len(rows) > 20
    assert {english: said.get(english) for english, _korean in rows[1:]} == dict(rows[1:])
