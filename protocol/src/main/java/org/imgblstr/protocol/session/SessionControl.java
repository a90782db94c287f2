package org.imgblstr.protocol.session;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.imgblstr.protocol.contract.Attendance;
import org.imgblstr.protocol.contract.ExitCode;
import org.imgblstr.protocol.contract.ExpectedSlaves;
import org.imgblstr.protocol.contract.HoldUp;
import org.imgblstr.protocol.contract.SessionPhase;
import org.imgblstr.protocol.contract.SlaveName;
import org.imgblstr.protocol.master.MasterEngine;
import org.imgblstr.protocol.master.MasterOrders;
import org.imgblstr.protocol.master.slaves.SlaveEntry;

/** What the operator asks of a master's session while it runs. For any thread: each order is carried out by the event loop, and answered. */
public final class SessionControl {
    /** The event loop answers within milliseconds; one that does not is held up. */
    private static final long TIME_LIMIT_MS = 900;

    /** As many names as a person reads in a line. */
    private static final int MOST_NAMES = 20;

    /** As many as a question at the foot of a screen has room for. */
    private static final int FEW_NAMES = 5;

    private final MasterOptions.Start start;
    private final Consumer<String> told;
    private volatile Running running;

    /** {@code told}: hears each order that nothing else tells of, as a line for the operator and the log; on the event loop. */
    SessionControl(MasterOptions.Start start, Consumer<String> told) {
        this.start = start;
        this.told = told;
    }

    /**
     * What came of an order.
     *
     * @param exitCode 0 when it was carried out; else one of {@link ExitCode}
     * @param text one sentence
     */
    public record Answer(int exitCode, String text) {
        static Answer done(String text) {
            return new Answer(ExitCode.DONE, text);
        }

        static Answer refused(String text) {
            return new Answer(ExitCode.USAGE, text);
        }

        public boolean isDone() {
            return exitCode == ExitCode.DONE;
        }
    }

    /**
     * Where a session is.
     *
     * @param holdUp what holds it up; null when no data flows
     * @param slave label of the slave that holds it up; "" when none does
     */
    public record Standing(SessionPhase phase, HoldUp holdUp, String slave) {
        static final Standing OPENING = new Standing(SessionPhase.OPENING, null, "");

        /** What holds it up, as events spell it: {@code wire}, {@code source}, {@code slave:LABEL}; "" when nothing is known. */
        public String limit() {
            if (holdUp == null) {
                return "";
            }
            return switch (holdUp) {
                case WIRE -> "wire";
                case RATE -> "rate";
                case SUPPLY -> "source";
                case SLAVE -> "slave:" + slave;
            };
        }
    }

    private record Running(MasterEngine engine, EngineLoop loop) {
        MasterOrders orders() {
            return engine.orders();
        }
    }

    void attach(MasterEngine engine, EngineLoop loop) {
        running = new Running(engine, loop);
    }

    /** Where the session is. For the event loop. */
    static Standing standing(MasterOrders orders) {
        HoldUp holdUp = orders.holdUp();
        SlaveEntry last = holdUp == HoldUp.SLAVE ? orders.furthestBehind() : null;
        return new Standing(
                orders.phase(),
                last == null && holdUp == HoldUp.SLAVE ? null : holdUp,
                last == null ? "" : last.label());
    }

    /** Starts with the slaves that have joined; with fewer than were wanted only when {@code isSure}. */
    public Answer start(boolean isSure) {
        return order(now -> {
            if (now.orders().phase() != SessionPhase.WAITING) {
                return Answer.refused("the session has started already");
            }
            int joined = now.orders().joinedCount();
            if (joined < start.minSlaves()) {
                return Answer.refused(slaves(joined) + " joined, at least " + start.minSlaves()
                        + " are needed: start imgslave on more machines");
            }
            if (joined < start.slavesWanted() && !isSure) {
                return Answer.refused(joined + " of " + slaves(start.slavesWanted()) + " joined, "
                        + attendance(now).absent(MOST_NAMES) + "; --yes starts without them");
            }
            now.engine().begin();
            return Answer.done("the session starts with " + slaves(joined));
        });
    }

    /** Who is absent when {@link #start} would be refused only because of that, for a question; "" otherwise. */
    public String absent() {
        Running now = running;
        return now == null
                ? ""
                : ask(now, asked -> isShort(asked) ? attendance(asked).absent(FEW_NAMES) : "", "");
    }

    private boolean isShort(Running now) {
        int joined = now.orders().joinedCount();
        return now.orders().phase() == SessionPhase.WAITING
                && joined >= start.minSlaves()
                && joined < start.slavesWanted();
    }

    private Attendance attendance(Running now) {
        List<SlaveName> present = now.orders().slaves().stream()
                .filter(SlaveEntry::isWaitedFor)
                .map(SlaveEntry::name)
                .toList();
        return Attendance.of(
                start.slavesWanted(), start.expected(), present, now.engine().refused());
    }

    public Answer pause() {
        return orderAndTell(now -> now.orders().pause(now.loop().nowNs())
                ? Answer.done("the session is paused: no data is sent until it is resumed")
                : Answer.refused("no data flows that could be paused"));
    }

    public Answer resume() {
        return orderAndTell(now -> now.orders().resume(now.loop().nowNs())
                ? Answer.done("the session goes on")
                : Answer.refused("the session is not paused"));
    }

    /** {@code bitsPerSecond}: 0 adapts. */
    public Answer rate(long bitsPerSecond) {
        return orderAndTell(now -> {
            if (now.orders().phase() == SessionPhase.OVER) {
                return Answer.refused("the session is over");
            }
            now.orders().rate(bitsPerSecond);
            return Answer.done(
                    bitsPerSecond == 0
                            ? "the rate adapts from now on"
                            : "the rate is " + bitsPerSecond / 1e6 + " Mbit/s from now on");
        });
    }

    /**
     * Removes one slave: the session goes on without it, or ends when it was the last.
     *
     * @param who its number, label, network address or hardware address; upper and lower case do not matter
     */
    public Answer kick(String who) {
        return order(now -> {
            List<SlaveEntry> found = now.orders().slaves().stream()
                    .filter(slave -> isMeant(slave, who))
                    .toList();
            List<SlaveEntry> there =
                    found.stream().filter(slave -> !slave.isEnded()).toList();
            if (there.size() > 1) {
                String all = String.join(
                        ", ",
                        there.stream().map(slave -> slave.name().describe()).toList());
                return Answer.refused("'" + who + "' means several slaves: " + all + "; name one by its number, as #"
                        + there.get(0).index());
            }
            if (there.isEmpty()) {
                return Answer.refused(
                        found.isEmpty() ? nobody(now, who) : found.get(0).name().describe() + " has ended already");
            }
            now.orders().kick(there.get(0), now.loop().nowNs());
            return Answer.done(there.get(0).name().describe() + " is removed; " + afterwards(now.orders()));
        });
    }

    private static String afterwards(MasterOrders orders) {
        return orders.isAnyLeft()
                ? "the session goes on without it"
                : "the session ends, because no other slave is left";
    }

    private static String nobody(Running now, String who) {
        boolean isRefused = now.engine().refused().stream()
                .anyMatch(refused -> refused.label().equalsIgnoreCase(who)
                        || refused.address().equals(who));
        return isRefused
                ? "'" + who + "' was refused, so it takes no part; imgblstr status tells why"
                : "no slave is called '" + who + "'; imgblstr status lists them";
    }

    private static String slaves(int count) {
        return count + (count == 1 ? " slave" : " slaves");
    }

    private static boolean isMeant(SlaveEntry slave, String who) {
        String key = ExpectedSlaves.key(who);
        return key.equals(ExpectedSlaves.key(slave.label()))
                || key.equals(slave.name().machine().mac())
                || String.valueOf(slave.index()).equals(who)
                || ("#" + slave.index()).equals(who)
                || slave.address().getAddress().getHostAddress().equals(who);
    }

    private Answer orderAndTell(Function<Running, Answer> action) {
        return order(now -> {
            Answer answer = action.apply(now);
            if (answer.isDone()) {
                told.accept("operator: " + answer.text());
            }
            return answer;
        });
    }

    private Answer order(Function<Running, Answer> action) {
        Running now = running;
        if (now == null) {
            return Answer.refused("the session still waits for its network");
        }
        return ask(now, action, Answer.refused("the session does not answer: it is over, or held up"));
    }

    private static <T> T ask(Running now, Function<Running, T> action, T otherwise) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        try {
            now.loop().execute(() -> {
                answer.complete(action.apply(now));
                now.loop().run();
            });
            return answer.get(TIME_LIMIT_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return otherwise;
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            return otherwise;
        }
    }
}
