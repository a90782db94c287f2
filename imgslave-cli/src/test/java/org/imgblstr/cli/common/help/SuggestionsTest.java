package org.imgblstr.cli.common.help;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuggestionsTest {
    private static final List<String> KNOWN =
            List.of("--upload", "--download", "--disk", "--delta", "--wait", "--slow", "disks", "verify");

    @ParameterizedTest
    @CsvSource({
        "--uplaod, --upload",
        "--uplod, --upload",
        "upload, --upload",
        "--downlaod, --download",
        "--down, --download",
        "-disk, --disk",
        "dsks, disks",
        "VERIFY, verify",
        "--d, ''",
        "--frobnicate, ''",
        "-x, ''"
    })
    void whatIsCloseIsNamed(String typed, String meant) {
        assertThat(String.join(" ", Suggestions.of(typed, KNOWN))).isEqualTo(meant);
    }

    @ParameterizedTest
    @CsvSource({
        "abc, abc, 0",
        "abc, acb, 1",
        "abc, ab, 1",
        "abc, abcd, 1",
        "abc, xbc, 1",
        "'', abc, 3",
        "kitten, sitting, 3"
    })
    void mistakesAreCounted(String one, String other, int mistakes) {
        assertThat(Suggestions.mistakes(one, other)).isEqualTo(mistakes);
        assertThat(Suggestions.mistakes(other, one)).isEqualTo(mistakes);
    }
}
