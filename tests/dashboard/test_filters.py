"""What is chosen below a filter goes with it, on whichever page it was emptied and however."""

from streamlit.testing.v1 import AppTest

CHOSEN = {"category": ["Dining"], "subcategory": ["Dining Table"], "product": ["Heath Dining Table"]}


def test_a_click_that_empties_a_filter_empties_what_is_below() -> None:
    def click() -> None:
        from dashboard.components import filters

        filters.set_values("category", [])

    app = AppTest.from_function(click)
    for name, values in CHOSEN.items():
        app.session_state[name] = values
    app.run()
    assert not app.exception
    assert {name: app.session_state[name] for name in CHOSEN} == {key: [] for key in CHOSEN}


def test_what_was_emptied_on_another_page_does_not_come_back() -> None:
    def turn(chosen: dict[str, list[str]]) -> None:
        from dashboard.components import filters

        filters.keep("overview", chosen)
        filters.keep("customers", {"category": []})
        filters.take_along("overview", dict.fromkeys(chosen))

    app = AppTest.from_function(turn, args=(CHOSEN,)).run()
    assert not app.exception
    assert {name: app.session_state[name] for name in CHOSEN} == {key: [] for key in CHOSEN}
