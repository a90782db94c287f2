package org.imgblstr.disk.pass;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LevelControllerTest {
    private final LevelController levels = new LevelController(true);

    @Test
    void itBeginsAtLevelOne() {
        assertThat(levels.level()).isEqualTo(1);
    }

    @Test
    void aSlowWireAndIdleProcessorsRaiseTheLevel() {
        repeat(20, 0.9, 0.6);
        assertThat(levels.level()).isEqualTo(9);
    }

    @Test
    void busyProcessorsKeepTheLevelHoweverSlowTheWire() {
        repeat(1000, 1, 0.2);
        assertThat(levels.level()).isEqualTo(1);
    }

    @Test
    void theLevelFallsAtOnceWhenOthersNeedTheProcessors() {
        repeat(3, 0.9, 0.6);
        assertThat(levels.level()).isEqualTo(4);
        repeat(3, 0.9, 0.01);
        assertThat(levels.level()).isEqualTo(1);
        repeat(1000, 0.9, 0.01);
        assertThat(levels.level()).isEqualTo(1);
    }

    @Test
    void theLevelFallsAtOnceWhenEncodingFallsBehind() {
        repeat(5, 0.9, 0.6);
        assertThat(levels.level()).isEqualTo(6);
        repeat(2, 0.01, 0.6);
        assertThat(levels.level()).isEqualTo(4);
    }

    @Test
    void afterAFallTheLevelRests() {
        repeat(5, 0.9, 0.6);
        repeat(1, 0.01, 0.6);
        repeat(15, 0.9, 0.6);
        assertThat(levels.level()).isEqualTo(5);
        repeat(1, 0.9, 0.6);
        assertThat(levels.level()).isEqualTo(6);
    }

    @Test
    void aWireThatWaitsLongGetsTheFastLevelsAndLosesThemAgain() {
        repeat(7, 0, 0);
        assertThat(levels.level()).isEqualTo(1);
        repeat(1, 0, 0);
        assertThat(levels.level()).isEqualTo(-2);
        repeat(100, 0, 0);
        assertThat(levels.level()).isEqualTo(-4);
        // One that has something ahead is not starved.
        repeat(100, 0.1, 0);
        assertThat(levels.level()).isEqualTo(-4);
        repeat(20, 0.5, 0);
        assertThat(levels.level()).isEqualTo(1);
    }

    @Test
    void aShortageDoesNotGoBelowHome() {
        for (int i = 0; i < 100; i++) {
            repeat(7, 0, 0.5);
            repeat(1, 0.02, 0.5);
        }
        assertThat(levels.level()).isEqualTo(1);
    }

    @Test
    void whereOthersNeedTheProcessorsTheFastLevelsAreNotUsed() {
        for (int i = 0; i < 1000; i++) {
            levels.onInterval(0, 0, 0.5);
            assertThat(levels.level()).isEqualTo(1);
        }
    }

    @Test
    void whatIsKeptNeverGetsTheFastLevels() {
        LevelController kept = new LevelController(false);
        for (int i = 0; i < 1000; i++) {
            kept.onInterval(0, 0, 0);
            assertThat(kept.level()).isEqualTo(1);
        }
    }

    /** The wire takes so much encoded MB/s; encoding and everything else share the processors. */
    @ParameterizedTest(name = "{0} MB/s")
    @ValueSource(doubles = {5, 12, 30, 60, 117, 300, 1200})
    void theWireIsKeptBusyAndTheLevelComesToRest(double wireMbs) {
        // given: two processors of which the sender needs some; a ring of 64 MB; levels cost what they do on a desktop
        double senderCpu = Math.min(1.5, wireMbs / 400);
        double ring = 64;
        double pending = 0;
        double idle = 0;
        double idleWire = 0;
        int changes = 0;
        int intervals = 3000;
        Random random = new Random(7);
        // when
        for (int i = 0; i < intervals; i++) {
            int before = levels.level();
            double rawMb = 4.2;
            double encodedMb = rawMb * ratio(before) * (0.8 + 0.4 * random.nextDouble());
            double cpuSeconds = rawMb * costPerMb(before);
            double seconds = Math.max(cpuSeconds / (2 - senderCpu), Math.max(0, pending + encodedMb - ring) / wireMbs);
            double sent = Math.min(pending + encodedMb, seconds * wireMbs);
            if (i > intervals / 2) {
                idleWire += seconds * wireMbs - sent;
            }
            pending = pending + encodedMb - sent;
            idle = Math.max(0, 1 - (cpuSeconds / seconds + senderCpu * sent / (seconds * wireMbs)) / 2);
            levels.onInterval(Math.min(1, pending / ring), idle, 0);
            changes += i > intervals / 2 && levels.level() != before ? 1 : 0;
        }
        // then: what the wire can take is what it gets, unless the fastest level is too slow for it
        boolean canKeepUp = wireMbs < 4.2 * ratio(1) / (4.2 * costPerMb(1)) * (2 - senderCpu);
        if (canKeepUp) {
            assertThat(idleWire).isLessThan(0.01 * intervals * 4.2);
            assertThat(levels.level()).isGreaterThanOrEqualTo(1);
        } else {
            assertThat(levels.level()).isEqualTo(-4);
        }
        assertThat(changes).isLessThan(intervals / 10);
    }

    private static double ratio(int level) {
        return level < 0 ? 0.55 : 0.5 - 0.01 * level;
    }

    private static double costPerMb(int level) {
        return level < 0 ? 0.0015 : 0.002 * (1 + 0.6 * (level - 1));
    }

    private void repeat(int times, double ahead, double idle) {
        for (int i = 0; i < times; i++) {
            levels.onInterval(ahead, idle, 0);
        }
    }
}
