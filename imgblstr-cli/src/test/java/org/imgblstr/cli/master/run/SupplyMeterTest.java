package org.imgblstr.cli.master.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.imgblstr.disk.pass.Awaited;
import org.imgblstr.protocol.contract.HoldUp;
import org.imgblstr.protocol.contract.SessionPhase;
import org.imgblstr.protocol.session.SessionControl.Standing;
import org.junit.jupiter.api.Test;

class SupplyMeterTest {
    private static final Standing SUPPLY = new Standing(SessionPhase.SENDING, HoldUp.SUPPLY, "");

    private final SupplyMeter meter = new SupplyMeter("image");

    @Test
    void whatWasAwaitedMostInTheLastLooksIsTold() {
        assertThat(meter.limit(SUPPLY)).as("nothing was looked at yet").isEqualTo("source");
        look(Awaited.CODEC, 5);
        look(Awaited.SOURCE, 3);
        assertThat(meter.limit(SUPPLY)).isEqualTo("codec");
        look(Awaited.TARGET, 5);
        assertThat(meter.limit(SUPPLY)).isEqualTo("image");
        look(Awaited.SOURCE, 8);
        assertThat(meter.limit(SUPPLY)).isEqualTo("source");
    }

    @Test
    void whatTheSessionKnowsItselfCounts() {
        look(Awaited.CODEC, 8);
        assertThat(meter.limit(new Standing(SessionPhase.SENDING, HoldUp.WIRE, "")))
                .isEqualTo("wire");
        assertThat(meter.limit(new Standing(SessionPhase.CATCHING_UP, HoldUp.SLAVE, "lab-3")))
                .isEqualTo("slave:lab-3");
        assertThat(meter.limit(new Standing(SessionPhase.WAITING, null, ""))).isEmpty();
    }

    private void look(Awaited awaited, int times) {
        for (int i = 0; i < times; i++) {
            meter.add(awaited);
        }
    }
}
