"""The indexes of a recording against models that are too simple to be wrong."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.session.history import Growth, History
from workbench.session.leaves import Element, ElementIndex
from workbench.session.stream import ByteStream

ranges = st.tuples(st.integers(-3, 60), st.integers(-3, 60))


@given(st.lists(st.binary(max_size=9), max_size=12), st.lists(ranges, max_size=8))
def test_stream_slices_like_bytes(pieces, slices):
    stream = ByteStream()
    model = b""

    for piece in pieces:
        stream.append(piece)
        model += piece

    assert stream.length == len(model)
    for start, end in slices:
        assert stream.slice(start, end) == model[max(start, 0) : max(end, 0)]


def test_stream_keeps_the_very_bytes_it_was_given():
    """A recording holds each byte once: the pieces of a stream are the data of the events."""
    stream = ByteStream()
    data = bytes(1000)

    stream.append(data)

    assert stream.slice(0, 1000) is data


@given(st.lists(st.tuples(st.integers(0, 3), st.integers()), max_size=30), st.integers(-1, 60))
def test_history_gives_the_last_change_before_a_moment(steps, moment):
    history: History[int] = History()
    changes: list[tuple[int, int]] = []
    index = 0
    for step, value in steps:
        index += step
        history.append(index, value)
        changes.append((index, value))

    before = [value for index, value in changes if index <= moment]

    assert history.at(moment) == (before[-1] if before else None)
    assert history.until(moment) == before
    assert list(history.changes(0, moment)) == [change for change in changes if change[0] <= moment]
    assert len(history) == len(changes)


@given(st.lists(st.integers(0, 5), max_size=30), st.integers(-1, 40), st.integers(0, 160))
def test_growth_answers_both_ways(steps, moment, offset):
    growth = Growth()
    brought_by: list[int] = []
    for index, step in enumerate(steps):
        brought_by += [index] * step
        growth.append(index, len(brought_by))

    assert growth.length == len(brought_by)
    assert growth.length_at(moment) == sum(1 for index in brought_by if index <= moment)
    assert growth.index_at(offset) == (brought_by[offset] if offset < len(brought_by) else None)
    covered = [
        (index, position)
        for index, start, end in growth.pieces(offset, offset + 7)
        for position in range(max(start, offset), min(end, offset + 7))
    ]
    assert covered == [(brought_by[i], i) for i in range(offset, min(offset + 7, len(brought_by)))]


@st.composite
def elements(draw):
    """Elements that do not overlap, with gaps, nearly in order, each with an entry index."""
    placed = []
    position = 0
    for _ in range(draw(st.integers(0, 12))):
        start = position + draw(st.integers(0, 3))
        position = start + draw(st.integers(1, 6))
        placed.append((start, position))
    if draw(st.booleans()):
        placed = draw(st.permutations(placed))
    return [Element(start, end, index) for index, (start, end) in enumerate(placed)]


@given(elements(), st.integers(-1, 14), st.integers(0, 100), st.integers(0, 40))
def test_element_index_finds_what_a_search_through_all_finds(placed, moment, start, length):
    index = ElementIndex()
    for element in placed:
        index.add(element.start, element.end, element.index)

    seen = sorted((one for one in placed if one.index <= moment), key=lambda one: one.start)

    assert len(index) == len(placed)
    for offset in range(90):
        covering = [element for element in seen if element.start <= offset < element.end]
        assert index.at(offset, moment) == (covering[0] if covering else None)
    touching = [element for element in seen if element.start < start + length and element.end > start]
    assert list(index.between(start, start + length, moment)) == touching


@given(elements(), st.data())
def test_element_index_gives_its_elements_in_the_order_of_their_entries(placed, data):
    index = ElementIndex()
    for element in placed:
        index.add(element.start, element.end, element.index)
        if data.draw(st.booleans()):
            assert index.in_order.indexes[-1] == element.index

    columns = []
    saved = index.save_columns(lambda column: columns.append(column) or len(columns) - 1)
    for one in (index, ElementIndex.load_columns(saved, columns.__getitem__)):
        assert [Element(*values) for values in zip(*one.in_order, strict=True)] == placed
