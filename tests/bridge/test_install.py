"""Installing, uninstalling, the merchant's page, the archives and the code's floor."""

from __future__ import annotations

import re
import subprocess
import zipfile
from pathlib import Path

import pytest

from entrepot.connectors.opencart import bridge_build
from tests.bridge.client import SECRET, Client
from tests.bridge.hooks import Listener
from tests.bridge.shops import Shop
from tests.needs import need_program

pytestmark = pytest.mark.php
PHP = sorted(bridge_build.SOURCE.rglob("*.php"))


def state(shop: Shop) -> dict[str, str | None]:
    return {str(name): value for name, value in shop.sql("SELECT name, value FROM #oms_bridge_setting")}


def test_install_makes_secret_identity_tables_and_hooks(shop: Shop) -> None:
    shop.sql("DELETE FROM #oms_bridge_setting")
    shop.page("harness/install")
    settings = state(shop)
    assert re.fullmatch(r"[0-9a-f]{64}", settings["secret"] or "")
    assert re.fullmatch(
        r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", settings["identity"] or ""
    )
    assert settings["enabled"] == "1"
    triggers = [t for (t,) in shop.sql("SELECT `trigger` FROM #event WHERE code='oms_bridge' AND status=1")]
    assert len(triggers) == (7 if shop.generation.line == "oc3" else 8)
    assert all("?" in str(t) for t in triggers) is (shop.generation.line == "oc4")
    kind = "module" if shop.generation.line == "oc3" else "other"
    assert shop.sql("SELECT code, value FROM #setting WHERE `key` LIKE '%bridge_status'") == [
        [f"{kind}_oms_bridge", "1"]
    ]
    if shop.generation.startup:
        assert shop.sql("SELECT action, status FROM #startup") == [["catalog/extension/oms_bridge/startup", "1"]]


def test_installing_twice_changes_nothing(shop: Shop) -> None:
    before = state(shop), shop.sql("SELECT `trigger`, action FROM #event ORDER BY 1")
    shop.page("harness/install")
    assert (state(shop), shop.sql("SELECT `trigger`, action FROM #event ORDER BY 1")) == before


def test_uninstall_keeps_secret_identity_and_outbox_and_closes_the_door(shop: Shop) -> None:
    shop.page("harness/status", order_id=1, status=7)
    before = state(shop)
    shop.page("harness/uninstall")
    assert state(shop) == before | {"enabled": "0"}
    assert shop.one("SELECT COUNT(*) FROM #oms_bridge_event") == "1"
    assert shop.one("SELECT COUNT(*) FROM #event") == "0"
    assert shop.client.get("info").code == (403, "disabled")
    shop.page("harness/install")
    assert state(shop) == before
    assert shop.client.get("events").data[0]["kind"] == "order.history"


def test_replaced_files_bring_their_tables_up_on_the_next_request(shop30: Shop) -> None:
    shop30.sql("DROP TABLE #oms_bridge_call; UPDATE #oms_bridge_setting SET value='0' WHERE name='tables'")
    assert shop30.client.get("order_cursor").status == 200
    assert shop30.one("SELECT COUNT(*) FROM #oms_bridge_call") in {"0", "1"}


def test_the_page_shows_the_key_only_to_those_who_may_change_it(shop: Shop) -> None:
    page = shop.act("data")
    assert (page["secret"], page["address"], page["enabled"]) == (SECRET, f"http://{shop.host}/", True)
    assert shop.act("data", modify=False)["secret"] == ""


@pytest.mark.parametrize("action", ["save", "regenerate", "identity", "repair", "check"])
def test_actions_need_the_permission_to_modify(shop: Shop, action: str) -> None:
    before = state(shop)
    answer = shop.act(action, modify=False, enabled="0")
    assert answer == {"error": "You do not have permission to modify the Entrepot OMS Bridge."}
    assert state(shop) == before


def test_the_switch_closes_and_opens(shop: Shop) -> None:
    assert shop.act("save", enabled="0") == {"success": "Saved."}
    assert shop.client.get("info").code == (403, "disabled")
    shop.act("save", enabled="1")
    assert shop.client.get("info").status == 200


def test_a_regenerated_key_works_and_the_old_one_does_not(shop: Shop) -> None:
    new = shop.act("regenerate")["secret"]
    assert new != SECRET
    assert shop.client.get("info").code == (401, "bad_signature")
    assert Client(shop.host, new).get("info").status == 200


def test_a_copy_gets_a_name_and_key_of_its_own_and_no_webhook(shop: Shop, listener: Listener) -> None:
    shop.client.post("webhook", {"url": listener.url})
    old = state(shop)
    answer = shop.act("identity")
    assert answer["identity"] != old["identity"]
    assert answer["secret"] != SECRET
    assert "webhook_url" not in state(shop)
    assert Client(shop.host, answer["secret"]).get("info").data["shop"]["identity"] == answer["identity"]


def checks(shop: Shop, language: str = "en") -> dict[str, tuple[str, str]]:
    return {check["title"]: (check["state"], check["text"]) for check in shop.act("check", language=language)["checks"]}


def test_the_self_check_of_a_healthy_shop(shop: Shop) -> None:
    found = checks(shop)
    assert {title: state for title, (state, _) in found.items()} == {
        "PHP": "ok",
        "PHP extensions": "ok",
        "Tables": "ok",
        "Events": "ok",
        "Clock": "ok",
        "Encryption": "warn",
        "Address": "ok",
        "Image folder": "ok",
        "Signed call to this shop": "ok",
        "Push to Entrepot": "ok",
        "Maintenance mode": "ok",
    }
    assert found["Tables"] == ("ok", "6 of 6 in the database.")
    assert checks(shop, "ko")["테이블"] == ("ok", "데이터베이스에 6개 중 6개가 있습니다.")


def test_the_self_check_names_what_is_wrong_and_the_repair_mends_it(shop: Shop) -> None:
    shop.sql(
        "DROP TABLE #oms_bridge_call; UPDATE #event SET status=0 WHERE `trigger` LIKE '%addOrder/%';"
        " UPDATE #oms_bridge_setting SET value='http://other.example/' WHERE name='home'"
    )
    shop.setting("webhook_url", "http://127.0.0.1:9/x")
    shop.setting("webhook_error", "Connection refused.")
    shop.sql("UPDATE #setting SET value='1' WHERE `key`='config_maintenance'")
    found = checks(shop)
    assert found["Tables"] == ("fail", "5 of 6 found. Press “Set up tables and events again”.")
    assert found["Events"][0] == "fail"
    assert "addOrder/after" in found["Events"][1]
    assert found["Address"][0] == "warn"
    assert found["Push to Entrepot"][0] == "warn"
    assert "Connection refused." in found["Push to Entrepot"][1]
    assert found["Maintenance mode"][0] == ("ok" if shop.generation.line == "oc4" else "warn")
    shop.act("repair")
    found = checks(shop)
    assert (found["Tables"][0], found["Events"][0]) == ("ok", "ok")


def test_the_self_check_tells_when_the_shop_cannot_reach_itself(shop41: Shop) -> None:
    shop41.act("save", enabled="0")
    kind, text = checks(shop41)["Signed call to this shop"]
    assert (kind, "HTTP 403, disabled" in text, "switch it on" in text) == ("fail", True, True)


def test_both_archives_hold_what_their_installer_wants(tmp_path: Path) -> None:
    four = zipfile.ZipFile(bridge_build.build("oc4", tmp_path))
    three = zipfile.ZipFile(bridge_build.build("oc3", tmp_path))
    assert sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.zip")) == [
        "oc3/oms_bridge.ocmod.zip",
        "oc4/oms_bridge.ocmod.zip",
    ]
    assert {
        "install.json",
        "catalog/controller/api.php",
        "admin/controller/other/oms_bridge.php",
        "admin/language/ko-kr/other/oms_bridge.php",
    } <= set(four.namelist())
    allowed = (
        "admin/controller/extension/",
        "admin/language/",
        "admin/view/template/extension/",
        "catalog/controller/extension/",
        "system/library/",
    )
    assert [
        name for name in three.namelist() if not name.startswith(tuple(f"upload/{folder}" for folder in allowed))
    ] == []
    assert "upload/admin/view/template/extension/module/oms_bridge.twig" in three.namelist()
    four.close()
    three.close()


def test_equal_sources_give_equal_bytes(tmp_path: Path) -> None:
    for line in ("oc3", "oc4"):
        assert (
            bridge_build.build(line, tmp_path / "a").read_bytes()
            == bridge_build.build(line, tmp_path / "b").read_bytes()
        )


def test_a_changed_file_gets_another_time_so_that_opcode_caches_notice() -> None:
    assert bridge_build.stamp(b"<?php 1;") == bridge_build.stamp(b"<?php 1;")
    assert bridge_build.stamp(b"<?php 1;") != bridge_build.stamp(b"<?php 2;")
    assert 2000 <= bridge_build.stamp(b"")[0] < 2020


@pytest.mark.parametrize("path", PHP, ids=lambda path: path.relative_to(bridge_build.SOURCE).as_posix())
def test_every_file_parses_and_is_short(path: Path) -> None:
    done = subprocess.run([need_program("php"), "-l", str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert len(path.read_text().splitlines()) <= 400


# Syntax that PHP 5.6 does not have; the shared code and the shell of OpenCart 3 run there.
NEWER = re.compile(
    r"\?\?|\?->|\bmatch\s*\(|\bfn\s*\(|<=>|function[^{;?]*\)\s*:\s*\??[a-z\\]+\s*[{;]|\b(?:public|private|protected)\s+(?:static\s+)?\??(?:int|string|bool|array|float|[A-Z]\w+)\s+\$|(?:private|public|protected)\s+const|function\s*\([^)]*\b(?:int|string|bool|float)\s+\$|^use\s.*\{",
    re.MULTILINE,
)


@pytest.mark.parametrize(
    "path",
    [p for p in PHP if "oc4" not in p.parts or "library" in p.parts],
    ids=lambda path: path.relative_to(bridge_build.SOURCE).as_posix(),
)
def test_shared_code_stays_within_old_php(path: Path) -> None:
    code = re.sub(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|/\*.*?\*/|//[^\n]*", "''", path.read_text(), flags=re.DOTALL)
    assert NEWER.findall(code) == []


def test_both_languages_say_the_same_things() -> None:
    keys = {
        code: re.findall(
            r"^\$_\['([a-z_]+)'\]", (bridge_build.SOURCE / f"common/language/{code}.php").read_text(), re.MULTILINE
        )
        for code in bridge_build.LANGUAGES
    }
    assert keys["en-gb"] == keys["ko-kr"]
    assert len(keys["en-gb"]) == len(set(keys["en-gb"]))
