package org.imgblstr.cli.master.screen;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.imgblstr.cli.common.report.Board;
import org.imgblstr.cli.common.report.Pace;
import org.imgblstr.cli.common.report.Progress;
import org.imgblstr.cli.common.report.Ticker;
import org.imgblstr.cli.common.terminal.Key;
import org.imgblstr.cli.common.terminal.OperatorTerminal;
import org.imgblstr.protocol.contract.RefusedSlave;
import org.imgblstr.protocol.session.MasterOptions;
import org.imgblstr.protocol.session.MasterProgress;
import org.imgblstr.protocol.session.SessionControl.Standing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The screen of a session on the terminal of the operator, with a thread that draws four times a second and one that reads keys. Neither
 * is on the way of the data. Safe for use by several threads.
 */
public final class LiveScreen implements Board {
    private static final Logger LOG = LoggerFactory.getLogger(LiveScreen.class);
    private static final long KEY_WAIT_MS = 200;

    private final OperatorTerminal terminal;
    private final Scene scene;
    private final ScreenModel model;
    private final KeyDesk keys;
    private final EventList events = new EventList();
    private volatile ScreenModel.Told told = ScreenModel.Told.NOTHING;
    private volatile ScreenPainter.Rows rows = new ScreenPainter.Rows(0, 1);
    private final Object leaving = new Object();
    private volatile boolean isLeft;
    private Ticker ticker;

    /**
     * What the first lines of the screen say of the session.
     *
     * @param text what goes where, and how it is sealed
     * @param code the join code that slaves need; "" when there is none
     */
    public record Title(String text, String code) {
        @Override
        public String toString() {
            // The code belongs into no log.
            return text;
        }
    }

    /**
     * What the screen shows.
     *
     * @param title what goes where
     * @param start when the session starts
     * @param progress where the session is
     * @param limit what holds it up, as events spell it; "" when nothing is known
     * @param refused who cannot take part
     */
    public record Scene(
            Title title,
            MasterOptions.Start start,
            Supplier<MasterProgress> progress,
            Function<Standing, String> limit,
            Supplier<List<RefusedSlave>> refused) {}

    private LiveScreen(OperatorTerminal terminal, Scene scene, ScreenOrders orders) {
        this.terminal = terminal;
        this.scene = scene;
        this.model = new ScreenModel(scene.title(), scene.start(), scene.limit(), System.nanoTime());
        this.keys = new KeyDesk(orders, events::add);
    }

    /** Takes the terminal. */
    public static LiveScreen show(OperatorTerminal terminal, Scene scene, ScreenOrders orders) {
        LiveScreen screen = new LiveScreen(terminal, scene, orders);
        terminal.enter(screen.events::add);
        screen.ticker = Ticker.start(screen::draw);
        Thread thread = new Thread(screen::readKeys, "keys");
        thread.setDaemon(true);
        thread.start();
        return screen;
    }

    @Override
    public void line(String text) {
        events.add(text);
    }

    @Override
    public void progress(Progress progress, Pace pace, Map<Integer, Pace> slaves) {
        told = new ScreenModel.Told(progress, pace, slaves);
    }

    @Override
    public void leave() {
        // Who comes second waits for the first.
        synchronized (leaving) {
            isLeft = true;
            ticker.close();
            terminal.leave();
        }
    }

    @Override
    public List<String> lines() {
        return events.all();
    }

    private synchronized void draw(long nowNs) {
        int width = terminal.width();
        int height = terminal.height();
        MasterProgress session = scene.progress().get();
        ScreenView view = model.view(session, told, scene.refused().get(), events.last(height), keys.foot(), nowNs);
        rows = ScreenPainter.rows(view, width, height);
        if (width > 0 && height > 0) {
            terminal.draw(ScreenPainter.paint(view, width, height));
        }
    }

    private void readKeys() {
        try {
            while (!isLeft) {
                Key key = terminal.isEntered() ? terminal.read(KEY_WAIT_MS) : pause();
                if (key != null) {
                    if (key.kind() == Key.Kind.REDRAW) {
                        terminal.forget();
                    }
                    int width = terminal.width();
                    int height = terminal.height();
                    keys.onKey(key, rows.all(), rows.shown(), foot -> ScreenPainter.shows(foot, width, height));
                    draw(System.nanoTime());
                }
            }
        } catch (IOException e) {
            LOG.debug("no more keys", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Key pause() throws InterruptedException {
        Thread.sleep(KEY_WAIT_MS);
        return null;
    }
}
