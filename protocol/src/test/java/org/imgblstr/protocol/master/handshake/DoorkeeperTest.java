package org.imgblstr.protocol.master.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.imgblstr.protocol.master.handshake.Doorkeeper.Verdict;
import org.imgblstr.protocol.wire.SealedRsvpFlyweight;
import org.imgblstr.sealing.primitive.Primitives;
import org.imgblstr.sealing.schedule.SessionSeal;
import org.junit.jupiter.api.Test;

class DoorkeeperTest {
    private static final byte[] NO_COOKIE = new byte[SealedRsvpFlyweight.COOKIE_BYTES];
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

    private final Doorkeeper doorkeeper =
            new Doorkeeper(new SessionSeal(null, null, Primitives.best(), new Random(1)::nextBytes));
    private long nowNs = Long.MAX_VALUE - 5;

    private static InetSocketAddress address(int host) {
        return new InetSocketAddress("10.1." + (host >> 8) + "." + (host & 255), 5_000);
    }

    private Verdict judge(int host, byte[] cookie) {
        return doorkeeper.judge(address(host), host, cookie, nowNs);
    }

    private int taken(int count) {
        int taken = 0;
        for (int host = 0; host < count; host++) {
            byte[] cookie = doorkeeper.cookie(address(host), host, nowNs);
            taken += judge(host, cookie) == Verdict.TAKE ? 1 : 0;
        }
        return taken;
    }

    @Test
    void aRoomThatIsSwitchedOnIsTakenWithinASecondAndAFewOneByOneLater() {
        assertThat(taken(1_500)).isEqualTo(Doorkeeper.EXCHANGES_BEFORE);
        nowNs += SECOND_NS;
        assertThat(taken(1_500)).isEqualTo(Doorkeeper.EXCHANGES_BEFORE);
        doorkeeper.onStarted();
        nowNs += 10 * SECOND_NS;
        assertThat(taken(1_500)).isEqualTo(Doorkeeper.EXCHANGES_AFTER);
    }

    @Test
    void underLoadASenderShowsFirstThatItHearsUs() {
        for (int host = 0; host < Doorkeeper.WITHOUT_COOKIE; host++) {
            assertThat(judge(host, NO_COOKIE)).isEqualTo(Verdict.TAKE);
        }
        assertThat(judge(99, NO_COOKIE)).isEqualTo(Verdict.COOKIE);
        byte[] cookie = doorkeeper.cookie(address(99), 99, nowNs);
        assertThat(doorkeeper.judge(address(98), 99, cookie, nowNs))
                .as("another address")
                .isEqualTo(Verdict.COOKIE);
        assertThat(doorkeeper.judge(address(99), 98, cookie, nowNs))
                .as("another slave")
                .isEqualTo(Verdict.COOKIE);
        assertThat(judge(99, cookie)).isEqualTo(Verdict.TAKE);
    }

    @Test
    void aCookieIsTakenForTwoMinutesAtLeastAndNotForEver() {
        for (int host = 0; host < Doorkeeper.WITHOUT_COOKIE; host++) {
            judge(host, NO_COOKIE);
        }
        byte[] cookie = doorkeeper.cookie(address(99), 99, nowNs);
        doorkeeper.onFailed(address(99), 99, NO_COOKIE, nowNs);
        nowNs += 121 * SECOND_NS;
        assertThat(judge(99, cookie)).isEqualTo(Verdict.TAKE);
        nowNs += 121 * SECOND_NS;
        assertThat(judge(99, cookie)).isEqualTo(Verdict.COOKIE);
    }

    @Test
    void aGuesserHasTwelveTriesInAMinuteAndOthersAreTakenMeanwhile() {
        int tries = 0;
        doorkeeper.onFailed(address(1), 1, NO_COOKIE, nowNs);
        assertThat(judge(1, NO_COOKIE)).as("after its first failure").isEqualTo(Verdict.COOKIE);
        for (int i = 0; i < 100; i++) {
            byte[] cookie = doorkeeper.cookie(address(1), i, nowNs);
            if (doorkeeper.judge(address(1), i, cookie, nowNs) == Verdict.TAKE) {
                tries++;
                doorkeeper.onFailed(address(1), i, cookie, nowNs);
            }
            nowNs += SECOND_NS / 4;
        }
        assertThat(tries).isEqualTo(Doorkeeper.FAILURES);
        assertThat(judge(2, NO_COOKIE)).isEqualTo(Verdict.TAKE);
        nowNs += Doorkeeper.MINUTE_NS;
        assertThat(judge(1, doorkeeper.cookie(address(1), 1, nowNs))).isEqualTo(Verdict.TAKE);
        assertThat(doorkeeper.failed()).isEqualTo(1 + Doorkeeper.FAILURES);
    }

    @Test
    void theFirstFailureOfEachAddressIsToldAndOfAFloodTheTenthPowers() {
        List<Integer> told = new ArrayList<>();
        for (int i = 1; i <= 10_000; i++) {
            // Each address of a room fails three times, then each datagram has an address of its own.
            int host = i <= 60 ? (i - 1) / 3 : i;
            if (doorkeeper.onFailed(address(host), i, NO_COOKIE, nowNs)) {
                told.add(i);
            }
        }
        assertThat(told.subList(0, 6)).containsExactly(1, 4, 7, 10, 13, 16);
        assertThat(told).contains(100, 1_000, 10_000).hasSize(5 + 32);
    }

    @Test
    void nobodyIsLockedOutByFailuresInItsName() {
        for (int i = 0; i < 100; i++) {
            doorkeeper.onFailed(address(3), i, NO_COOKIE, nowNs);
        }
        assertThat(judge(3, doorkeeper.cookie(address(3), 3, nowNs))).isEqualTo(Verdict.TAKE);
    }
}
