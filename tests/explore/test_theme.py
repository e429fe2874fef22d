"""Colours: contrast on both pages, apart for colour-blind eyes, and the same in the figures, the site and the logo."""

import itertools
import re
from pathlib import Path

import numpy as np
import pytest

from tefoundations.explore.engine import theme

ASSETS = Path(__file__).resolve().parents[2] / "book/_assets"
CSS = (ASSETS / "tef.css").read_text()

# Machado, Oliveira, Fernandes (2009): complete dichromacy, on linear RGB.
EYES = {
    "normal": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def linear(colour):
    channels = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    """WCAG 2 contrast ratio."""
    dark, light = sorted((XYZ[1] @ linear(c)) for c in (one, other))
    return (light + 0.05) / (dark + 0.05)


def lab(rgb):
    x = XYZ @ np.clip(rgb, 0, 1) / np.array([0.9505, 1, 1.089])
    x = np.where(x > 0.008856, np.cbrt(x), 7.787 * x + 16 / 116)
    return np.array([116 * x[1] - 16, 500 * (x[0] - x[1]), 200 * (x[1] - x[2])])


@pytest.mark.parametrize("page", [theme.LIGHT, theme.DARK])
def test_contrast(page):
    for role, colour in theme.ROLES.items():
        assert contrast(colour, page["background"]) >= 3, role
    for name in ("text", "muted", "link", "link-hover"):
        assert contrast(page[name], page["background"]) >= 4.5, name
        assert contrast(page[name], page["surface"]) >= 4.5, name


@pytest.mark.parametrize("eye", EYES)
def test_roles_stay_apart(eye):
    seen = {role: lab(np.array(EYES[eye]) @ linear(colour)) for role, colour in theme.ROLES.items()}
    for a, b in itertools.combinations(seen, 2):
        assert np.linalg.norm(seen[a] - seen[b]) >= 20, (a, b)  # CIE76; about 2 is just noticeable


def test_colour_is_never_the_only_sign():
    for signs in (theme.DASH, theme.MARKER, theme.PATTERN):
        assert set(signs) == set(theme.ROLES)
        assert len(set(signs.values())) == len(signs)


def test_site_has_the_same_colours():
    for role, colour in theme.ROLES.items():
        assert f"--tef-{role}: {colour};" in CSS
    for mode, page in (("light", theme.LIGHT), ("dark", theme.DARK)):
        block = re.search(rf'html\[data-theme="{mode}"\] {{(.*?)}}', CSS, re.S)[1]
        for name, colour in page.items():
            assert f"--tef-{name}: {colour};" in block
    assert theme.SANS in CSS


@pytest.mark.parametrize("name", ["logo.svg", "favicon.svg"])
def test_logo_uses_the_palette(name):
    used = set(re.findall(r"#[0-9a-f]{6}", (ASSETS / name).read_text()))
    assert used and used <= set(theme.ROLES.values())


def test_style_sheet_asks_nobody_outside():
    assert "http" not in CSS and "@import" not in CSS
    for address in re.findall(r'url\("([^"]+)"\)', CSS):
        assert (ASSETS / address).is_file()
