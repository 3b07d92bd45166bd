import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot.kernel.crypto import KeyMissing, SealBroken, open_sealed, reseal, seal

OLD = "old-key-0123456789-0123456789-0123"
NEW = "new-key-0123456789-0123456789-0123"
HERE = "seller:1:store:7:secret_key"


@given(plain=st.binary(max_size=300), context=st.text(max_size=40))
def test_what_was_sealed_opens_again_in_its_place(plain: bytes, context: str) -> None:
    assert open_sealed(seal(plain, keys=[NEW], context=context), keys=[NEW], context=context) == plain


def test_a_secret_moved_to_another_store_does_not_open() -> None:
    sealed = seal(b"s3cret", keys=[NEW], context=HERE)
    with pytest.raises(SealBroken):
        open_sealed(sealed, keys=[NEW], context="seller:1:store:8:secret_key")


@given(position=st.integers(min_value=0, max_value=38), bit=st.integers(min_value=0, max_value=7))
def test_a_single_changed_bit_is_refused(position: int, bit: int) -> None:
    sealed = bytearray(seal(b"s3cret", keys=[NEW], context=HERE))
    assert len(sealed) == 39
    sealed[position] ^= 1 << bit
    with pytest.raises((SealBroken, KeyMissing)):
        open_sealed(bytes(sealed), keys=[NEW], context=HERE)


@pytest.mark.parametrize("length", range(39))
def test_a_cut_off_secret_is_refused(length: int) -> None:
    sealed = seal(b"s3cret", keys=[NEW], context=HERE)
    with pytest.raises(SealBroken):
        open_sealed(sealed[:length], keys=[NEW], context=HERE)


def test_the_same_secret_sealed_twice_looks_different_and_shows_nothing() -> None:
    first, second = (seal(b"s3cret", keys=[NEW], context=HERE) for _ in range(2))
    assert first != second
    assert b"s3cret" not in first


def test_after_a_new_key_is_put_first_old_secrets_still_open_and_new_ones_use_it() -> None:
    sealed = seal(b"s3cret", keys=[OLD], context=HERE)
    assert open_sealed(sealed, keys=[NEW, OLD], context=HERE) == b"s3cret"
    with pytest.raises(KeyMissing):
        open_sealed(seal(b"x", keys=[NEW, OLD], context=HERE), keys=[OLD], context=HERE)


def test_a_resealed_secret_no_longer_needs_the_old_key() -> None:
    moved = reseal(seal(b"s3cret", keys=[OLD], context=HERE), keys=[NEW, OLD], context=HERE)
    assert open_sealed(moved, keys=[NEW], context=HERE) == b"s3cret"
    with pytest.raises(KeyMissing):
        open_sealed(moved, keys=[OLD], context=HERE)


def test_a_secret_under_a_lost_key_says_which_remedy_there_is() -> None:
    with pytest.raises(KeyMissing, match="ENTREPOT_SECRET_KEYS"):
        open_sealed(seal(b"s3cret", keys=[OLD], context=HERE), keys=[NEW], context=HERE)
