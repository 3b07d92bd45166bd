"""`entrepot up` as a person meets it: one command, one Ctrl-C, and what happens when something falls."""

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from entrepot.project.children import wait_until_gone
from tests.cli.conftest import Home

PATIENCE = 90.0
pytestmark = [pytest.mark.xdist_group("up"), pytest.mark.timeout(300)]


def free_ports() -> int:
    """A port with three free ones behind it."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            first: int = probe.getsockname()[1]
        try:
            for port in range(first, first + 4):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        return first


@dataclass
class Running:
    home: Home
    process: subprocess.Popen[str]
    port: int
    said: list[str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def pid(self, part: str) -> int:
        return int((self.home.folder / "run" / f"{part}.pid").read_text())

    def database_pid(self) -> int:
        file = self.home.folder / "cluster/data/postmaster.pid"
        return int(file.read_text().split("\n")[0] or 0) if file.exists() else 0

    def is_well(self) -> bool:
        return _status(f"{self.url}/healthz") == 200


def begin(home: Home, *options: str) -> Running:
    port = free_ports()
    process = home.begin("up", "--port", str(port), *options)
    assert process.stdout is not None
    said: list[str] = []
    for line in process.stdout:
        said.append(line)
        if "Ctrl-C" in line:
            return Running(home, process, port, said)
    pytest.fail("".join(said))


def end(running: Running) -> str:
    if running.process.poll() is None:
        running.process.send_signal(signal.SIGINT)
    said, _ = running.process.communicate(timeout=60)
    return said


def eventually(true: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


@pytest.fixture(scope="module")
def running(new_home: Callable[[], Home]) -> Iterator[Running]:
    started = begin(new_home())
    yield started
    assert "everything has stopped" in end(started)
    assert started.process.returncode == 0
    assert started.home.processes() == {}


def test_it_serves_pages_and_live_updates_and_prints_a_link_that_opens_once(running: Running) -> None:
    assert running.is_well()
    assert eventually(lambda: _status(f"http://127.0.0.1:{running.port + 1}/live") == 401)
    link = re.search(r"Sign in\s+(\S+)", "".join(running.said))
    assert link is not None
    assert link[1].startswith(running.url)
    assert httpx2.get(link[1], timeout=10).status_code == 200
    assert httpx2.get(re.sub(r"[\w-]{20,}", "x" * 43, link[1]), timeout=10).status_code == 410


def test_nobody_s_default_password_opens_it(running: Running) -> None:
    page = httpx2.get(running.url, timeout=10)
    assert page.status_code == 302
    assert page.headers["location"].startswith("/sign-in/")


@pytest.mark.parametrize("part", ["worker", "web", "live"])
def test_a_part_that_is_killed_runs_again(running: Running, part: str) -> None:
    before = running.pid(part)
    os.kill(before, signal.SIGKILL)
    assert eventually(lambda: running.pid(part) != before)
    assert eventually(running.is_well)
    assert wait_until_gone(before, 10)


def test_a_database_that_is_killed_runs_again_and_pages_work_on(running: Running) -> None:
    before = running.database_pid()
    os.kill(before, signal.SIGKILL)
    assert wait_until_gone(before, 10)
    assert eventually(lambda: running.database_pid() not in {0, before} and running.is_well())


def test_a_second_up_on_the_same_home_is_refused_with_the_first_one_s_number(running: Running) -> None:
    second = running.home.run("up", "--port", str(free_ports()))
    assert second.returncode == 1
    assert f"(process {running.process.pid})" in second.stderr
    assert "[home_in_use]" in second.stderr
    assert running.is_well()


def test_a_taken_port_is_named_with_one_that_is_free(new_home: Callable[[], Home], running: Running) -> None:
    refused = new_home().run("up", "--port", str(running.port))
    assert refused.returncode == 1
    assert f"Port {running.port} on 127.0.0.1 is taken" in refused.stderr
    free = re.search(r"--port (\d+)", refused.stderr)
    assert free is not None
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", int(free[1])))


def test_restore_is_refused_while_it_runs(running: Running, tmp_path: Path) -> None:
    file = tmp_path / "b"
    file.write_bytes(b"")
    assert "[home_in_use]" in running.home.run("restore", "--force", str(file)).stderr


def test_the_doctor_finds_a_fresh_installation_well(running: Running) -> None:
    assert eventually(lambda: re.search(r"^entrepot_workers_alive [1-9]", _metrics(running), re.MULTILINE) is not None)
    report = running.home.run("doctor")
    assert report.returncode == 0, report.stdout + report.stderr
    assert re.search(r"[1-9] worker\(s\)", report.stdout)


def test_being_told_to_end_by_the_system_is_as_good_as_ctrl_c(new_home: Callable[[], Home]) -> None:
    started = begin(new_home())
    assert len(started.home.processes()) > 5
    started.process.send_signal(signal.SIGTERM)
    said, _ = started.process.communicate(timeout=60)
    assert "everything has stopped" in said
    assert started.process.returncode == 0
    assert started.home.processes() == {}
    assert not (started.home.folder / "cluster/data/postmaster.pid").exists()


def test_when_the_parent_is_killed_no_child_outlives_it_and_the_next_start_works(
    new_home: Callable[[], Home],
) -> None:
    started = begin(new_home())
    started.process.kill()
    started.process.wait()
    assert eventually(lambda: started.home.processes() == {})
    again = begin(started.home)
    assert again.is_well()
    assert "everything has stopped" in end(again)
    for running in (started, again):
        assert running.process.stdout is not None
        running.process.stdout.close()


def test_the_demo_sells_the_same_stock_in_a_shop_and_a_mall(new_home: Callable[[], Home]) -> None:
    started = begin(new_home(), "--demo")
    shop, mall = f"http://127.0.0.1:{started.port + 2}", f"http://127.0.0.1:{started.port + 3}"
    try:
        assert eventually(lambda: 'entrepot_stores{state="live"} 2.0' in _metrics(started))
        assert "entrepot_orders{" in _metrics(started)
        said = "".join(started.said)
        assert f"{shop}/" in said
        assert f"{mall}/" in said
        link = re.search(r"Sign in\s+(\S+)", said)
        assert link is not None
        assert httpx2.get(link[1], timeout=10).status_code == 200
        _buy_in_the_mall_and_see_the_shop(mall, shop)
    finally:
        said = end(started)
    assert "Traceback" not in said


def _buy_in_the_mall_and_see_the_shop(mall: str, shop: str) -> None:
    """HTC-TOUCH-HD is product 11 of the mall and product 28 of the shop."""
    sold = _control(mall, "product", product_no=11)
    code = sold["variants"][0]["variant_code"]
    assert sold["custom_product_code"] == "HTC-TOUCH-HD"
    before = int(_control(shop, "product", product_id=28)["quantity"])
    assert eventually(lambda: _control(mall, "stock", variant_code=code) == before)
    _control(mall, "place_order", items=[[code, 1]])
    assert eventually(lambda: int(_control(shop, "product", product_id=28)["quantity"]) == before - 1)


def _control(url: str, verb: str, **facts: object) -> Any:
    return httpx2.post(f"{url}/_control/{verb}", json=facts, timeout=5).json()["result"]


def _status(address: str) -> int:
    try:
        return httpx2.get(address, timeout=10).status_code
    except httpx2.TransportError:
        return 0


def _metrics(running: Running) -> str:
    return httpx2.get(f"{running.url}/metrics", timeout=5).text
