package org.imgblstr.cli.master.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunProgressTest {
    /** A small image is read at once: half of it zeros, of which nothing waits in memory. They are sent when the pass comes to them. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "nothing has begun,      0,  0,  0,  0",
        "all is read,           39, 19,  0,  0",
        "the pass goes on,      39, 15,  8,  8",
        "tracks used in part,   12,  4, 10,  8",
        "more waits than read,   2,  3,  0,  0",
        "the end,               39,  0, 39, 39"
    })
    void zerosThatThePassHasNotComeToAreNotSent(String when, long read, long waiting, long pass, long sent) {
        assertThat(RunProgress.sent(read, waiting, pass)).as(when).isEqualTo(sent);
    }
}
