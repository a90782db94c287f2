package org.imgblstr.cli.common.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyReaderTest {
    /** All keys of what a terminal sends at once. */
    private static List<Key> keys(String sent) throws IOException {
        int[] at = {0};
        KeyReader reader = new KeyReader(timeoutMs -> at[0] < sent.length() ? sent.charAt(at[0]++) : -2);
        List<Key> keys = new ArrayList<>();
        for (Key key = reader.read(0); key != null; key = reader.read(0)) {
            keys.add(key);
        }
        return keys;
    }

    @Test
    void whatWasTypedBeforeIsThrownAway() throws IOException {
        int[] at = {0};
        String sent = "q\r\u001b[A";
        KeyReader reader = new KeyReader(timeoutMs -> at[0] < sent.length() ? sent.charAt(at[0]++) : -2);
        reader.discard();
        assertThat(at[0]).isEqualTo(sent.length());
        assertThat(reader.read(0)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "[A, UP",
        "OA, UP",
        "[B, DOWN",
        "[5~, PAGE_UP",
        "[6~, PAGE_DOWN",
        "[H, HOME",
        "[1~, HOME",
        "OF, END",
        "[4~, END",
        "[1;5C, OTHER",
        "[15~, OTHER",
        "[999999999999999999999~, OTHER",
        "x, OTHER"
    })
    void aSequenceIsOneKey(String sequence, Key.Kind kind) throws IOException {
        assertThat(keys((char) 27 + sequence + "q")).containsExactly(Key.of(kind), Key.letter('q'));
    }

    @Test
    void anEscapeAloneIsTheEscapeKey() throws IOException {
        assertThat(keys((char) 27 + "")).containsExactly(Key.of(Key.Kind.ESCAPE));
    }

    @Test
    void plainKeys() throws IOException {
        assertThat(keys("k\r\n" + (char) 127 + (char) 8 + (char) 1 + (char) 12 + "\u00e9"))
                .containsExactly(
                        Key.letter('k'),
                        Key.of(Key.Kind.ENTER),
                        Key.of(Key.Kind.ENTER),
                        Key.of(Key.Kind.BACKSPACE),
                        Key.of(Key.Kind.BACKSPACE),
                        Key.of(Key.Kind.OTHER),
                        Key.of(Key.Kind.REDRAW),
                        Key.letter(0xe9));
    }

    @Test
    void aTerminalThatHasGoneIsToldOf() {
        assertThatThrownBy(() -> new KeyReader(timeoutMs -> -1).read(0)).isInstanceOf(TerminalClosedException.class);
    }
}
