package org.imgblstr.protocol.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import org.imgblstr.protocol.transport.Scheduled;
import org.imgblstr.protocol.transport.Timers;
import org.junit.jupiter.api.Test;

class EngineLoopTest {
    private static final long MS = 1_000_000;

    /** A thread and a clock that move when the test says so. */
    private static final class SimulatedTimers implements Timers {
        private record Event(long dueNs, Runnable task) implements Comparable<Event> {
            @Override
            public int compareTo(Event other) {
                return Long.compare(dueNs, other.dueNs);
            }
        }

        private final PriorityQueue<Event> events = new PriorityQueue<>();
        private long nowNs = Long.MAX_VALUE - 2 * MS;

        @Override
        public long nowNs() {
            return nowNs;
        }

        @Override
        public void execute(Runnable task) {
            task.run();
        }

        @Override
        public Scheduled schedule(Runnable task, long delayNs) {
            Event event = new Event(elapsedNs() + Math.max(0, delayNs), task);
            events.add(event);
            return () -> events.remove(event);
        }

        private long elapsedNs() {
            return nowNs - (Long.MAX_VALUE - 2 * MS);
        }

        void runFor(long timeNs) {
            long endNs = elapsedNs() + timeNs;
            while (!events.isEmpty() && events.peek().dueNs() <= endNs) {
                Event event = events.poll();
                nowNs += Math.max(0, event.dueNs() - elapsedNs());
                event.task().run();
            }
            nowNs += Math.max(0, endNs - elapsedNs());
        }
    }

    private final SimulatedTimers timers = new SimulatedTimers();
    private final List<Long> ticksMs = new ArrayList<>();

    /** Each tick takes {@code workMs} and wants the next one {@code waitMs} after its own time. */
    private EngineLoop loop(long workMs, long waitMs) {
        return new EngineLoop(timers, nowNs -> {
            ticksMs.add(timers.elapsedNs() / MS);
            timers.nowNs += workMs * MS;
            return waitMs * MS;
        });
    }

    @Test
    void theNextTickComesWhenItWasAskedForHoweverLongThisOneTook() {
        loop(3, 5).run();
        timers.runFor(17 * MS);
        assertThat(ticksMs).containsExactly(0L, 5L, 10L, 15L, 20L);
    }

    @Test
    void aTickThatTakesLongerThanItsWaitIsFollowedByTheNext() {
        loop(5, 3).run();
        timers.runFor(10 * MS);
        assertThat(ticksMs).containsExactly(0L, 5L, 10L, 15L);
    }

    @Test
    void wakingTicksAtOnceAndTheNextTickIsReckonedFromThen() {
        EngineLoop loop = loop(0, 5);
        loop.run();
        timers.runFor(2 * MS);
        loop.wake();
        timers.runFor(6 * MS);
        assertThat(ticksMs).containsExactly(0L, 2L, 7L);
    }

    @Test
    void anEngineThatWasHeldUpIsToldOfHalfASecondAtMost() {
        List<Long> toldMs = new ArrayList<>();
        long openedNs = timers.nowNs;
        EngineLoop loop = new EngineLoop(timers, nowNs -> {
            toldMs.add((nowNs - openedNs) / MS);
            return 60_000 * MS;
        });
        loop.run();
        timers.nowNs += 200 * MS;
        loop.run();
        // when it is stopped for a day
        timers.nowNs += 86_400_000L * MS;
        loop.run();
        timers.nowNs += 200 * MS;
        loop.run();
        // then
        assertThat(toldMs).containsExactly(0L, 200L, 700L, 900L);
    }

    @Test
    void anEngineThatWaitsForLongIsAwakeFourTimesASecond() {
        loop(0, 60_000).run();
        timers.runFor(1_000 * MS);
        assertThat(ticksMs).containsExactly(0L, 250L, 500L, 750L, 1000L);
    }
}
