package org.imgblstr.protocol.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.imgblstr.protocol.contract.ExpectedSlaves;
import org.imgblstr.protocol.contract.SlaveName;
import org.junit.jupiter.api.Test;

class StartTest {
    private static final SlaveName PC1 = new SlaveName(1, "pc1", "10.0.0.1");
    private static final SlaveName PC2 = new SlaveName(2, "pc2", "10.0.0.2");

    @Test
    void nobodyIsAbsentWhenAsManyHaveJoinedAsWereWanted() {
        assertThat(start(2, ExpectedSlaves.ANYBODY).absence(List.of(PC1, PC2))).isEmpty();
        assertThat(start(0, ExpectedSlaves.ANYBODY).absence(List.of(PC1))).isEmpty();
    }

    @Test
    void whoStartsWithFewerIsToldHowMany() {
        assertThat(start(3, ExpectedSlaves.ANYBODY).absence(List.of(PC1, PC2)))
                .hasValueSatisfying(text -> assertThat(text).startsWith("the session starts with 2 of 3 slaves"));
    }

    @Test
    void ofAListTheNamesAreSaid() {
        ExpectedSlaves expected = new ExpectedSlaves(List.of("pc1", "pc3"), true);
        assertThat(start(2, expected).absence(List.of(PC1, PC2)))
                .hasValueSatisfying(text -> assertThat(text).contains("pc3").doesNotContain("of 2 slaves"));
    }

    private static MasterOptions.Start start(int wanted, ExpectedSlaves expected) {
        return new MasterOptions.Start(wanted, null, 1, expected);
    }
}
