package org.imgblstr.cli.common.value;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.imgblstr.protocol.contract.PlainText;

/** A command as a shell takes it: for a person who copies it. Source: bash(1), QUOTING; zsh takes the same. */
public final class ShellWords {
    /** Nothing that any shell changes; a word of these alone needs no quotes. */
    private static final Pattern HARMLESS = Pattern.compile("[A-Za-z0-9_@%+:,./-][A-Za-z0-9_@%+=:,./-]*");

    private ShellWords() {}

    /** The words with a space between them, each quoted where it needs that. */
    public static String of(List<String> words) {
        return words.stream().map(ShellWords::quoted).collect(Collectors.joining(" "));
    }

    private static String quoted(String word) {
        if (HARMLESS.matcher(word).matches()) {
            return word;
        }
        return PlainText.isPlain(word) ? "'" + word.replace("'", "'\\''") + "'" : escaped(word);
    }

    /** With numbers for what controls a terminal or cannot be seen. */
    private static String escaped(String word) {
        StringBuilder text = new StringBuilder("$'");
        word.codePoints().forEach(point -> {
            String character = Character.toString(point);
            if (point == '\'' || point == '\\') {
                text.append('\\').append(character);
            } else if (PlainText.isPlain(character)) {
                text.append(character);
            } else {
                for (byte value : character.getBytes(StandardCharsets.UTF_8)) {
                    text.append("\\x" + HexFormat.of().toHexDigits(value));
                }
            }
        });
        return text.append('\'').toString();
    }
}
