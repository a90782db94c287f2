package org.imgblstr.cli.common.terminal;

import java.util.List;
import java.util.stream.Collectors;
import org.imgblstr.disk.text.PlainText;

/** One line of a screen: parts of text, each with a style. */
public record ScreenLine(List<Part> parts) {
    /** Nothing at all. */
    public static final ScreenLine EMPTY = new ScreenLine(List.of());

    public ScreenLine {
        parts = List.copyOf(parts);
    }

    /** Text in one style. Characters that would act on the terminal are replaced. */
    public record Part(String text, Style style) {
        public Part {
            text = PlainText.of(text);
        }
    }

    public static ScreenLine of(String text, Style style) {
        return new ScreenLine(List.of(new Part(text, style)));
    }

    public static ScreenLine plain(String text) {
        return of(text, Style.PLAIN);
    }

    /** The text without its styles and without blanks at its end. */
    public String text() {
        return parts.stream().map(Part::text).collect(Collectors.joining()).stripTrailing();
    }
}
