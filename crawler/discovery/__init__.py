"""From a home page to a portal TOML: `survey` asks, `signposts` reads where links lead, `discover` decides, `draft`
writes it down."""
