package org.imgblstr.cli.master.screen;

import java.util.List;
import org.imgblstr.cli.common.terminal.Key;
import org.imgblstr.fuzz.Budget;
import org.imgblstr.fuzz.FuzzInput;
import org.imgblstr.protocol.contract.ExitCode;
import org.imgblstr.protocol.session.SessionControl.Answer;

/**
 * Keys that an operator presses on the live screen, in any order, on a page of any length. Only an answered question ends the session or kicks a
 * slave, and what is typed is bounded.
 */
public final class KeyDeskFuzz {
    private static final int MOST_KEYS = 400;
    private static final int LETTER = 32;
    private static final long MOST_ALLOCATED_BYTES = 16 << 20;
    private static final List<Key.Kind> KINDS = List.of(Key.Kind.values());

    private KeyDeskFuzz() {}

    /** Rows of the page, rows that are shown, whether a question has room, whether somebody is absent; then the keys, a byte each. */
    public static void fuzzerTestOneInput(byte[] input) {
        Budget budget = Budget.of(MOST_ALLOCATED_BYTES);
        FuzzInput in = new FuzzInput(input);
        int rows = in.u8();
        int pageRows = in.u8();
        boolean hasRoom = in.u8() != 1;
        Orders orders = new Orders(in.u8() % 2 == 1 ? "1 slave is missing" : "");
        KeyDesk desk = new KeyDesk(orders, said -> {});
        for (int count = 0; count < MOST_KEYS && !in.isEmpty(); count++) {
            String asked = desk.foot().question();
            int before = orders.decisive;
            desk.onKey(
                    key(in.u8()),
                    rows,
                    pageRows,
                    foot -> hasRoom || foot.question().isEmpty());
            if (orders.decisive > before && asked.isEmpty()) {
                throw new AssertionError("a slave was kicked, or the session ended, without a question");
            }
            if (desk.foot().firstRow() < 0 || desk.foot().question().length() > 1000) {
                throw new AssertionError("a foot out of bounds");
            }
        }
        budget.check();
    }

    private static Key key(int code) {
        boolean isLetter = code >= LETTER;
        return isLetter ? Key.letter(code) : Key.of(KINDS.get(code % KINDS.size()));
    }

    private static final class Orders implements ScreenOrders {
        private static final Answer DONE = new Answer(ExitCode.DONE, "done");

        private final String absent;
        private int decisive;

        Orders(String absent) {
            this.absent = absent;
        }

        @Override
        public Answer start(boolean isSure) {
            return DONE;
        }

        @Override
        public String absent() {
            return absent;
        }

        @Override
        public Answer kick(String who) {
            decisive++;
            return DONE;
        }

        @Override
        public Answer pauseOrResume() {
            return DONE;
        }

        @Override
        public Answer rate(String text) {
            return new Answer(ExitCode.USAGE, "no rate: " + text);
        }

        @Override
        public Answer report(String file) {
            return DONE;
        }

        @Override
        public String reportFile() {
            return "";
        }

        @Override
        public void quit() {
            decisive++;
        }
    }

    /** Each command with its answers. */
    public static List<byte[]> seeds() {
        return List.of(keys("k3\0y"), keys("kpc-17\0n"), keys("r400M\0"), keys("Rfile.json\0"), keys("qyaap?"));
    }

    private static byte[] keys(String keys) {
        byte[] seed = new byte[4 + keys.length()];
        seed[0] = 30;
        seed[1] = 10;
        for (int i = 0; i < keys.length(); i++) {
            seed[4 + i] = (byte) (keys.charAt(i) == 0 ? KINDS.indexOf(Key.Kind.ENTER) : keys.charAt(i));
        }
        return seed;
    }
}
