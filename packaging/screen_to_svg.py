#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws a terminal screen as SVG.

    screen_to_svg.py COLUMNS X,Y TITLE <SCREEN >PICTURE

SCREEN is the output of `tmux capture-pane -e -p`: lines of text with SGR escape sequences. X,Y is
the cell of the cursor, counted from 0. Each run of cells with one style is a <text> element with a
fixed length, so that the columns are right with every font. All characters have one column.
"""
import re
import sys
from typing import NamedTuple, Optional
from xml.sax.saxutils import escape

CELL_WIDTH = 9
CELL_HEIGHT = 21
MARGIN = 18
TITLE_HEIGHT = 34
FONT_SIZE = 15
FONTS = "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace"
BACKGROUND = "#1b1f27"
TITLE_BACKGROUND = "#2a303b"
FOREGROUND = "#d7dce4"
DIM = "#8b94a3"
# The eight colours of a terminal: black, red, green, yellow, blue, magenta, cyan, white.
COLOURS = ("#5c6470", "#ff7b72", "#7ee787", "#f2cc60", "#79c0ff", "#d8a6ff", "#76e3ea", "#ffffff")
SGR = re.compile(r"\x1b\[([0-9;]*)m")


class Style(NamedTuple):
    colour: Optional[int] = None
    bold: bool = False
    dim: bool = False


def changed(style, code):
    """The style after one SGR code; a code that is not known changes nothing."""
    if code == 0:
        return Style()
    if code == 1:
        return style._replace(bold=True)
    if code == 2:
        return style._replace(dim=True)
    if code == 22:
        return style._replace(bold=False, dim=False)
    if 30 <= code <= 37:
        return style._replace(colour=code - 30)
    if code == 39:
        return style._replace(colour=None)
    return style


def runs(line, style):
    """[(column, text, style)] of the line, and the style at its end."""
    found = []
    column = 0
    for index, part in enumerate(SGR.split(line)):
        if index % 2 == 1:
            for code in part.split(";"):
                style = changed(style, int(code or 0))
        elif part:
            found.append((column, part, style))
            column += len(part)
    return found, style


def attributes(style):
    colour = COLOURS[style.colour] if style.colour is not None else DIM if style.dim else None
    return ((f' fill="{colour}"' if colour else "") +
            (' font-weight="bold"' if style.bold else ""))


def drawn(row, column, text, style):
    """The <text> of a run, without the blanks at its ends."""
    left = len(text) - len(text.lstrip())
    text = text.strip()
    if not text:
        return ""
    x = MARGIN + (column + left) * CELL_WIDTH
    y = TITLE_HEIGHT + MARGIN + row * CELL_HEIGHT + FONT_SIZE
    return (f'<text x="{x}" y="{y}" textLength="{len(text) * CELL_WIDTH}"{attributes(style)}>'
            f'{escape(text)}</text>\n')


def frame(width, height):
    dots = "".join(f'<circle cx="{MARGIN + 4 + 20 * index}" cy="{TITLE_HEIGHT // 2}" r="6" '
                   f'fill="{colour}"/>\n'
                   for index, colour in enumerate(("#ff5f57", "#febc2e", "#28c840")))
    return (f'<rect width="{width}" height="{height}" rx="10" fill="{BACKGROUND}"/>\n'
            f'<path d="M0 {TITLE_HEIGHT}V10a10 10 0 0 1 10-10h{width - 20}a10 10 0 0 1 10 10'
            f'v{TITLE_HEIGHT - 10}z" fill="{TITLE_BACKGROUND}"/>\n{dots}')


def cursor(position):
    column, row = position
    return (f'<rect x="{MARGIN + column * CELL_WIDTH}" '
            f'y="{TITLE_HEIGHT + MARGIN + row * CELL_HEIGHT - 1}" width="{CELL_WIDTH}" '
            f'height="{CELL_HEIGHT - 2}" fill="{FOREGROUND}" opacity="0.75"/>\n')


def picture(lines, columns, position, title):
    width = 2 * MARGIN + columns * CELL_WIDTH
    height = TITLE_HEIGHT + 2 * MARGIN + max(len(lines), position[1] + 1) * CELL_HEIGHT
    out = (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
           f'viewBox="0 0 {width} {height}" role="img">\n'
           f"<title>{escape(title)}</title>\n"
           f'{frame(width, height)}<g font-family="{FONTS}" font-size="{FONT_SIZE}" '
           f'fill="{FOREGROUND}" xml:space="preserve">\n')
    style = Style()
    for row, line in enumerate(lines):
        found, style = runs(line, style)
        out += "".join(drawn(row, *run) for run in found)
    return f"{out}</g>\n{cursor(position)}</svg>\n"


def main():
    if len(sys.argv) != 4:
        sys.exit(f"usage: {sys.argv[0]} COLUMNS X,Y TITLE <SCREEN >PICTURE")
    column, row = sys.argv[2].split(",")
    lines = sys.stdin.read().rstrip("\n").split("\n")
    sys.stdout.write(picture(lines, int(sys.argv[1]), (int(column), int(row)), sys.argv[3]))


if __name__ == "__main__":
    main()
