"""Charts as one SVG picture: bars by group, lines by number. Used by report.py; knows nothing of what is measured."""

import html

COLOURS = ["#1b6ca8", "#d1495b", "#edae49", "#66a182", "#7d5ba6", "#888888", "#2e4057", "#c06014", "#009fb7", "#a0a0d0", "#555555"]
LEFT, PLOT_WIDTH, PLOT_HEIGHT = 70, 640, 170
LEGEND_ROW = 16
STEPS = (1, 2, 2.5, 5, 10)


class Picture:
    """Charts one below the other. A series has the same colour in each of them."""

    def __init__(self):
        self.parts, self.top, self.width, self.known = [], 0, LEFT + PLOT_WIDTH + 30, []

    def bars(self, title, unit, values):
        """values: (group, series) -> number. Groups and series in the order in which they come."""
        groups, series = list(dict.fromkeys(g for g, _ in values)), list(dict.fromkeys(s for _, s in values))
        base, scale = self._frame(title, unit, series, max(values.values(), default=0))
        count = sum(1 for _ in values) + len(groups)
        bar = min(40.0, PLOT_WIDTH / max(count, 1))
        x = LEFT + bar / 2
        for group in groups:
            begin = x
            for name in series:
                if (group, name) not in values:
                    continue
                value = values[group, name]
                self._add(f'<rect x="{x:.1f}" y="{base - value * scale:.1f}" width="{bar * 0.85:.1f}" height="{value * scale:.1f}" fill="{self._colour(name)}"/>')
                self._text(x + bar * 0.42, base - value * scale - 3, f"{value:.4g}", size=9, anchor="middle")
                x += bar
            self._text((begin + x) / 2, base + 14, group, anchor="middle")
            x += bar
        self._end(base)

    def lines(self, title, unit, across, values):
        """values: (x, series) -> number, x a number. Places are even, as the numbers are doubled or chosen freely."""
        places, series = sorted({x for x, _ in values}), list(dict.fromkeys(s for _, s in values))
        base, scale = self._frame(title, unit, series, max(values.values(), default=0))
        at = {x: LEFT + PLOT_WIDTH * (i + 0.5) / len(places) for i, x in enumerate(places)}
        for x in places:
            self._text(at[x], base + 14, f"{x:g}", anchor="middle")
        self._text(LEFT + PLOT_WIDTH, base + 28, across, anchor="end")
        for name in series:
            points = [(at[x], base - values[x, name] * scale, values[x, name]) for x in places if (x, name) in values]
            path = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in points)
            self._add(f'<polyline points="{path}" fill="none" stroke="{self._colour(name)}" stroke-width="2"/>')
            for x, y, value in points:
                self._add(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{self._colour(name)}"><title>{html.escape(name)}: {value:.4g}</title></circle>')
        self._end(base + 14)

    def write(self, path):
        with open(path, "w") as f:
            f.write(
                f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width}" height="{self.top + 10}" font-family="sans-serif">'
                f'<rect width="100%" height="100%" fill="white"/>{"".join(self.parts)}</svg>\n'
            )

    def _frame(self, title, unit, series, peak):
        """Title, legend and grid. Returns the height of the zero line, and pixels per unit."""
        self._text(10, self.top + 22, f"{title}, {unit}", size=14, weight="bold")
        for i, name in enumerate(series):
            x, y = LEFT + i % 4 * 165, self.top + 40 + i // 4 * LEGEND_ROW
            self._add(f'<rect x="{x}" y="{y - 9}" width="10" height="10" fill="{self._colour(name)}"/>')
            self._text(x + 14, y, name)
        base = self.top + 52 + (max(len(series), 1) - 1) // 4 * LEGEND_ROW + 12 + PLOT_HEIGHT
        step = self._step(peak or 1)
        scale = PLOT_HEIGHT / (peak or 1)
        mark = 0.0
        while mark <= (peak or 1) * 1.0001:
            y = base - mark * scale
            self._add(f'<line x1="{LEFT}" y1="{y:.1f}" x2="{LEFT + PLOT_WIDTH}" y2="{y:.1f}" stroke="#dddddd"/>')
            self._text(LEFT - 6, y + 4, f"{mark:g}", anchor="end")
            mark += step
        return base, scale

    @staticmethod
    def _step(peak):
        """A round number of which four to ten reach the peak."""
        unit = 10.0 ** len(str(int(peak))) / 1000
        return next(unit * 10**power * step for power in range(5) for step in STEPS if peak / (unit * 10**power * step) <= 6)

    def _colour(self, name):
        if name not in self.known:
            self.known.append(name)
        return COLOURS[self.known.index(name) % len(COLOURS)]

    def _text(self, x, y, text, size=11, anchor="start", weight="normal"):
        self._add(f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" font-weight="{weight}" text-anchor="{anchor}">{html.escape(str(text))}</text>')

    def _add(self, part):
        self.parts.append(part)

    def _end(self, base):
        self.top = base + 34
