"""The app: for every visitor the Overview page; for `streamlit run app.py`, or any ASGI server, what serves it."""

if __name__ == "__main__":
    from pages.shared.overview import overview

    overview()
else:
    from streamlit.starlette import App

    from pages.shared import warm
    from pages.shared.guard import middleware

    warm.begin()
    app = App(__file__, middleware=middleware())
