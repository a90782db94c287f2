package org.imgblstr.cli.common.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Rows for a person. */
class TextTableTest {
    @Test
    void columnsAreAsWideAsTheirWidestCellAndNumbersStandToTheRight() {
        TextTable table = new TextTable("name", ">size", "");
        table.row("a", "1 MiB", "");
        table.row("été long", "10.5 MiB", "x");
        assertThat(table.lines())
                .containsExactly("  name          size", "  a            1 MiB", "  été long  10.5 MiB  x");
    }

    @Test
    void aColumnThatMayBeLeftOutIsThereWhenOneCellSaysSomething() {
        TextTable blank = new TextTable("name", ">used", "kind").optional("used");
        blank.row("a", "", "x");
        assertThat(blank.lines()).containsExactly("  name  kind", "  a     x");
        blank.row("b", "1", "");
        assertThat(blank.lines()).containsExactly("  name  used  kind", "  a           x", "  b        1");
    }

    @Test
    void withoutRowsThereAreNoTitles() {
        assertThat(new TextTable("name").lines()).isEmpty();
    }

    @Test
    void aRowHasACellForEachColumn() {
        TextTable table = new TextTable("name", "size");
        assertThatThrownBy(() -> table.row("a")).isInstanceOf(IllegalArgumentException.class);
    }
}
