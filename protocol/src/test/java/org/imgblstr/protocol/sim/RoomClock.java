package org.imgblstr.protocol.sim;

import java.util.PriorityQueue;

/** Virtual time of the master: what is due is done in the order of its time, then of its coming. */
final class RoomClock {
    private record Event(long dueNs, long number, Runnable run) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(dueNs, other.dueNs);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long nowNs;
    private long eventNumber;

    RoomClock(long startNs) {
        nowNs = startNs;
    }

    long nowNs() {
        return nowNs;
    }

    void at(long dueNs, Runnable run) {
        events.add(new Event(Math.max(dueNs, nowNs), eventNumber++, run));
    }

    /** Does everything that is due before {@code endNs}. */
    void runUntil(long endNs) {
        while (!events.isEmpty() && events.peek().dueNs < endNs) {
            Event event = events.poll();
            nowNs = event.dueNs;
            event.run.run();
        }
    }
}
