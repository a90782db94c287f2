package org.imgblstr.protocol.repair;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Senders that adapt their rate, on a link with a queue as short as that of a cheap switch. Millisecond by millisecond. */
class RateSimulationTest {
    private static final int BUFFER_BYTES = 256 << 10;
    private static final int DATAGRAM_BYTES = 1538;
    private static final int FEEDBACK_MS = 25;
    private static final int INTERVAL_MS = 100;

    private static final class Sender {
        final RateController rates = new RateController(0);
        final ArrayDeque<double[]> unheard = new ArrayDeque<>();
        double sent;
        double lost;
        double heardSent;
        double heardLost;

        void hear(int ms) {
            if (unheard.size() > FEEDBACK_MS) {
                double[] counts = unheard.removeFirst();
                heardSent += counts[0];
                heardLost += counts[1];
            }
            if (ms % INTERVAL_MS == INTERVAL_MS - 1 && heardSent > 0) {
                double datagrams = heardSent / DATAGRAM_BYTES;
                double loss = heardLost / heardSent;
                // As the master does it: what may be chance is taken off.
                double sure = Math.max(0, loss - 2.5 * Math.sqrt(loss * (1 - loss) / datagrams));
                rates.onInterval(sure, rates.rate());
                heardSent = 0;
                heardLost = 0;
            }
        }

        double goodput() {
            return sent - lost;
        }
    }

    private static final class Link {
        final SplittableRandom random = new SplittableRandom(1);
        final List<Sender> senders = new ArrayList<>();
        final double ownLoss;
        final double bytesPerMs;
        double constantBitsPerSecond;
        double queue;
        int ms;

        Link(long bitsPerSecond, double ownLoss) {
            this.bytesPerMs = bitsPerSecond / 8000.0;
            this.ownLoss = ownLoss;
        }

        Sender add() {
            senders.add(new Sender());
            return senders.get(senders.size() - 1);
        }

        void run(double seconds) {
            for (int end = ms + (int) (seconds * 1000); ms < end; ms++) {
                double offered = constantBitsPerSecond / 8000;
                for (Sender sender : senders) {
                    offered += sender.rates.rate() / 8000.0;
                }
                queue += offered - bytesPerMs;
                double dropped = Math.max(0, queue - BUFFER_BYTES);
                queue = Math.max(0, queue - dropped);
                for (Sender sender : senders) {
                    transmit(sender, sender.rates.rate() / 8000.0, dropped / offered);
                    sender.hear(ms);
                }
            }
        }

        private void transmit(Sender sender, double bytes, double overload) {
            double arriving = bytes * (1 - overload);
            double datagrams = arriving / DATAGRAM_BYTES;
            double spread = Math.sqrt(datagrams * ownLoss * (1 - ownLoss));
            double ownLost = Math.max(0, datagrams * ownLoss + spread * random.nextGaussian()) * DATAGRAM_BYTES;
            double lost = bytes - arriving + Math.min(arriving, ownLost);
            sender.unheard.addLast(new double[] {bytes, lost});
            sender.sent += bytes;
            sender.lost += lost;
        }
    }

    @ParameterizedTest(name = "{0} Mbit/s")
    @ValueSource(longs = {50, 100, 500, 950, 2500, 10_000})
    void theHighestRateIsFoundWithinTwoSecondsAndHeldWithoutSawteeth(long megabits) {
        Link link = new Link(megabits * 1_000_000, 0);
        Sender sender = link.add();
        link.run(2);
        assertThat(sender.rates.rate()).isBetween(megabits * 930_000, megabits * 1_010_000);

        double sentBefore = sender.sent;
        double lostBefore = sender.lost;
        link.run(30);
        // On a slow link the queue hides for long that a try was one too many.
        assertThat((sender.lost - lostBefore) / (sender.sent - sentBefore)).isLessThan(megabits > 200 ? 0.002 : 0.01);
        assertThat((sender.sent - sentBefore) * 8 / 30).isGreaterThan(megabits * 950_000.0);
    }

    @ParameterizedTest(name = "{0} Mbit/s, loss {1}")
    @CsvSource({"100, 0.01", "1000, 0.01", "1000, 0.05", "1000, 0.1", "400, 0.05", "50, 0.1"})
    void lossThatTheRateDoesNotCauseDoesNotSlowTheTransfer(long megabits, double loss) {
        Link link = new Link(megabits * 1_000_000, loss);
        Sender sender = link.add();
        link.run(4);
        double goodputBefore = sender.goodput();
        link.run(20);
        assertThat((sender.goodput() - goodputBefore) * 8 / 20).isGreaterThan(megabits * 1e6 * (1 - loss) * 0.85);
    }

    @Test
    void itGivesWayToWhoeverComesAndTakesWhatIsFreeAgain() {
        Link link = new Link(1_000_000_000, 0);
        Sender sender = link.add();
        link.run(5);

        link.constantBitsPerSecond = 400_000_000;
        link.run(2);
        assertThat(sender.rates.rate()).isLessThan(610_000_000);
        double sentBefore = sender.sent;
        double lostBefore = sender.lost;
        link.run(10);
        assertThat((sender.lost - lostBefore) / (sender.sent - sentBefore)).isLessThan(0.01);
        assertThat((sender.sent - sentBefore) * 8 / 10).isGreaterThan(500e6);

        link.constantBitsPerSecond = 0;
        link.run(35);
        assertThat(sender.rates.rate()).isGreaterThan(930_000_000);
    }

    @Test
    void twoSessionsShareALink() {
        Link link = new Link(1_000_000_000, 0);
        Sender first = link.add();
        link.run(5);
        Sender second = link.add();
        link.run(20);
        double lostBefore = first.lost + second.lost;
        double sentBefore = first.sent + second.sent;
        link.run(10);
        double sent = first.sent + second.sent - sentBefore;
        assertThat(sent * 8 / 10).isBetween(970e6, 1_010e6);
        assertThat(first.lost + second.lost - lostBefore).isLessThan(sent / 500);
        // The two swing in turn: at the worst moment one has four tenths.
        assertThat(Math.min(first.rates.rate(), second.rates.rate())).isGreaterThan(380_000_000);
    }
}
