package org.imgblstr.disk.filesystem.lvm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.imgblstr.disk.filesystem.UnsureException;

/**
 * A section of LVM2's text metadata: names with numbers, strings, lists or sections. Source: lvm(8), lvm.conf(5), and the metadata that
 * lvm2 writes.
 */
final class LvmText {
    /** Depth of logical_volumes / name / segment1 and one to spare. */
    private static final int MAX_DEPTH = 8;

    private final Map<String, Object> values = new LinkedHashMap<>();

    private LvmText() {}

    /** The section that is the whole text. */
    static LvmText parse(String text) throws UnsureException {
        return new Parser(text).section(0, true);
    }

    /** Names of the sections in this one, in their order. */
    List<String> sectionNames() {
        return values.entrySet().stream()
                .filter(entry -> entry.getValue() instanceof LvmText)
                .map(Map.Entry::getKey)
                .toList();
    }

    Optional<LvmText> section(String name) {
        return values.get(name) instanceof LvmText section ? Optional.of(section) : Optional.empty();
    }

    LvmText requireSection(String name) throws UnsureException {
        return section(name).orElseThrow(() -> new UnsureException("LVM2: metadata without section " + name));
    }

    /** A number that is not negative. */
    long number(String name) throws UnsureException {
        if (values.get(name) instanceof Long number && number >= 0) {
            return number;
        }
        throw new UnsureException("LVM2: metadata without number " + name);
    }

    /** A text; empty when there is none. */
    Optional<String> text(String name) {
        return values.get(name) instanceof String string ? Optional.of(string) : Optional.empty();
    }

    String string(String name) throws UnsureException {
        Optional<String> string = text(name);
        if (string.isPresent()) {
            return string.get();
        }
        throw new UnsureException("LVM2: metadata without text " + name);
    }

    /** A list of strings and numbers; empty when there is none. */
    List<?> list(String name) {
        return values.get(name) instanceof List<?> list ? list : List.of();
    }

    private static final class Parser {
        private final String text;
        private int at;

        Parser(String text) {
            this.text = text;
        }

        LvmText section(int depth, boolean isWhole) throws UnsureException {
            LvmText section = new LvmText();
            while (!isSectionOver(isWhole)) {
                String name = word();
                skipSpace();
                if (take('{')) {
                    require(depth < MAX_DEPTH);
                    put(section, name, section(depth + 1, false));
                } else {
                    require(take('='));
                    put(section, name, value());
                }
            }
            return section;
        }

        private boolean isSectionOver(boolean isWhole) throws UnsureException {
            skipSpace();
            if (at < text.length()) {
                return !isWhole && take('}');
            }
            require(isWhole);
            return true;
        }

        private void put(LvmText section, String name, Object value) throws UnsureException {
            require(section.values.put(name, value) == null);
        }

        private Object value() throws UnsureException {
            skipSpace();
            if (!take('[')) {
                return single();
            }
            List<Object> list = new ArrayList<>();
            skipSpace();
            while (!take(']')) {
                list.add(single());
                skipSpace();
                take(',');
                skipSpace();
            }
            return list;
        }

        private Object single() throws UnsureException {
            skipSpace();
            return take('"') ? quoted() : number();
        }

        private String quoted() throws UnsureException {
            StringBuilder string = new StringBuilder();
            while (at < text.length() && text.charAt(at) != '"') {
                at += text.charAt(at) == '\\' ? 1 : 0;
                require(at < text.length());
                string.append(text.charAt(at++));
            }
            require(take('"'));
            return string.toString();
        }

        private Long number() throws UnsureException {
            try {
                return Long.parseLong(word());
            } catch (NumberFormatException damaged) {
                throw fault();
            }
        }

        private String word() throws UnsureException {
            int start = at;
            while (at < text.length() && isWordPart(text.charAt(at))) {
                at++;
            }
            require(at > start);
            return text.substring(start, at);
        }

        private static boolean isWordPart(char c) {
            return c > ' ' && "={}[],\"#".indexOf(c) < 0;
        }

        private void skipSpace() {
            while (at < text.length() && (text.charAt(at) <= ' ' || text.charAt(at) == '#')) {
                if (text.charAt(at) == '#') {
                    int end = text.indexOf('\n', at);
                    at = end < 0 ? text.length() : end;
                } else {
                    at++;
                }
            }
        }

        private boolean take(char c) {
            if (at < text.length() && text.charAt(at) == c) {
                at++;
                return true;
            }
            return false;
        }

        private void require(boolean holds) throws UnsureException {
            if (!holds) {
                throw fault();
            }
        }

        private UnsureException fault() {
            return new UnsureException("LVM2: metadata cannot be understood at character " + at);
        }
    }
}
