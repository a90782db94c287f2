package org.imgblstr.cli.common.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ColumnsTest {
    @Test
    void wideCharactersTakeTwoColumns() {
        assertThat(Columns.of("lab-01")).isEqualTo(6);
        assertThat(Columns.of("\u6559\u5ba4")).isEqualTo(4);
        assertThat(Columns.of("e\u0301")).isEqualTo(1);
    }

    @Test
    void aTextIsCutOrFilledToItsColumns() {
        assertThat(Columns.left("abc", 5)).isEqualTo("abc  ");
        assertThat(Columns.right("abc", 5)).isEqualTo("  abc");
        assertThat(Columns.left("abcdef", 3)).isEqualTo("abc");
        assertThat(Columns.left("\u6559\u5ba4", 3)).isEqualTo("\u6559 ");
        assertThat(Columns.cut("abc", -1)).isEmpty();
    }

    @Test
    void aTextThatIsCutShowsIt() {
        assertThat(Columns.shorten("abcdef", 6)).isEqualTo("abcdef");
        assertThat(Columns.shorten("abcdef", 5)).isEqualTo("abcd\u2026");
        assertThat(Columns.shorten("\u6559\u5ba4", 3)).isEqualTo("\u6559\u2026");
        assertThat(Columns.shorten("abc", 0)).isEmpty();
        assertThat(Columns.wrap("choose a larger disk", 8, "  ", 3)).containsExactly("choose a", "  larger", "  disk");
        assertThat(Columns.wrap("choose a larger disk", 8, "  ", 2)).containsExactly("choose a", "  large\u2026");
        assertThat(Columns.wrap("choose a larger disk", 8, "  ", 0)).containsExactly("choose \u2026");
    }

    @Test
    void aLongTextIsDividedAtBlanksAndNothingOfItIsLost() {
        assertThat(Columns.wrap("short", 10, "  ")).containsExactly("short");
        assertThat(Columns.wrap("choose a larger disk", 8, "  ")).containsExactly("choose a", "  larger", "  disk");
        assertThat(Columns.wrap("/dev/disk/by-id", 6, " ")).containsExactly("/dev/d", " isk/b", " y-id");
        assertThat(Columns.wrap("\u6559\u5ba4\u6559", 4, "")).containsExactly("\u6559\u5ba4", "\u6559");
        assertThat(Columns.wrap("abc", 0, "  ")).containsExactly("");
    }
}
