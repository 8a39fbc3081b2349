"""What every page uses: the frame around it, what is loaded and cached, the choices, and how a figure is shown."""
