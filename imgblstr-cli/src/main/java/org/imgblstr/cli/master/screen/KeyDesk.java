package org.imgblstr.cli.master.screen;

import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.imgblstr.cli.common.terminal.Key;
import org.imgblstr.protocol.session.SessionControl.Answer;

/** What each key does: orders at once, after a question, or with what is typed. For one thread; {@link #foot} for any. */
final class KeyDesk {
    private static final int MOST_TYPED = 200;

    private final ScreenOrders orders;
    private final Consumer<String> say;
    private Question question;
    private String typed = "";
    private volatile ScreenView.Foot foot = new ScreenView.Foot(ScreenView.Page.SLAVES, 0);

    /** {@code say}: shows what came of an order. */
    KeyDesk(ScreenOrders orders, Consumer<String> say) {
        this.orders = orders;
        this.say = say;
    }

    /**
     * A question at the foot of the screen.
     *
     * @param brief the same in a few words, for a small screen
     * @param isYesNo whether one key answers it
     * @param onAnswer does what was answered; null for nothing to say about it
     */
    private record Question(String text, String brief, boolean isYesNo, Function<String, Answer> onAnswer) {}

    ScreenView.Foot foot() {
        return foot;
    }

    /**
     * A key was pressed. What the screen has no room to ask is not asked, and a question that cannot be seen can only be given up.
     *
     * @param rows rows of the page that is shown
     * @param pageRows how many of them the screen shows
     * @param shows whether the screen has room for a question
     */
    void onKey(Key key, int rows, int pageRows, Predicate<ScreenView.Foot> shows) {
        if (question != null && key.kind() != Key.Kind.ESCAPE && !shows.test(foot)) {
            return;
        }
        Question before = question;
        String typedBefore = typed;
        if (question == null) {
            command(key, Math.max(0, rows - pageRows), pageRows);
        } else if (question.isYesNo()) {
            answerYesNo(key);
        } else {
            type(key);
        }
        if (question != null && !shows.test(asked())) {
            question = before;
            typed = typedBefore;
        }
        foot = asked();
    }

    private ScreenView.Foot asked() {
        return question == null
                ? new ScreenView.Foot(foot.page(), foot.firstRow())
                : new ScreenView.Foot(
                        question.text() + " " + typed, question.brief() + " " + typed, foot.page(), foot.firstRow());
    }

    private void command(Key key, int lastFirst, int pageRows) {
        int first = Math.min(foot.firstRow(), lastFirst);
        switch (key.kind()) {
            case ENTER -> start();
            case UP -> scroll(first - 1);
            case DOWN -> scroll(Math.min(lastFirst, first + 1));
            case PAGE_UP -> scroll(first - pageRows);
            case PAGE_DOWN -> scroll(Math.min(lastFirst, first + pageRows));
            case HOME -> scroll(0);
            case END -> scroll(lastFirst);
            case LETTER -> letter(key.letter());
            case ESCAPE -> turnTo(ScreenView.Page.SLAVES);
            default -> {
                // Says nothing: it may have been typed by mistake.
            }
        }
    }

    private void letter(int letter) {
        switch (letter) {
            case 'k', 'K' ->
                ask("kick which slave (number, label or address; Esc cancels)?", "kick who?", this::askToKick);
            case 'p', 'P' -> told(orders.pauseOrResume());
            case 'r' -> ask("rate (such as 400M, or auto; Esc cancels)?", "rate?", orders::rate);
            case 'R' -> ask(reportQuestion(), "report to?", this::report);
            case 'a', 'A' -> turnTo(ScreenView.Page.ABSENT);
            case '?', 'h', 'H' -> turnTo(ScreenView.Page.HELP);
            case 'q', 'Q' ->
                askYesNo("end the session for all slaves? (y/n)", "quit? (y/n)", yes -> {
                    orders.quit();
                    return null;
                });
            default -> {
                // As above.
            }
        }
    }

    private void start() {
        String absent = orders.absent();
        if (!absent.isEmpty()) {
            askYesNo(absent + ": start without them? (y/n)", "start? (y/n)", yes -> orders.start(true));
        } else {
            told(orders.start(false));
        }
    }

    private void scroll(int row) {
        foot = new ScreenView.Foot(foot.page(), Math.max(0, row));
    }

    /** The slaves again when it is shown already. */
    private void turnTo(ScreenView.Page page) {
        foot = new ScreenView.Foot(foot.page() == page ? ScreenView.Page.SLAVES : page, 0);
    }

    private String reportQuestion() {
        String file = orders.reportFile();
        return "report at the end to which file (.json or .csv" + (file.isEmpty() ? "" : "; so far " + file)
                + "; Esc cancels)?";
    }

    private void ask(String text, String brief, Function<String, Answer> onAnswer) {
        question = new Question(text, brief, false, onAnswer);
        typed = "";
    }

    private void askYesNo(String text, String brief, Function<String, Answer> onAnswer) {
        question = new Question(text, brief, true, onAnswer);
        typed = "";
    }

    private void answerYesNo(Key key) {
        Question asked = question;
        if (key.is('y')) {
            question = null;
            told(asked.onAnswer().apply("y"));
        } else if (key.is('n') || key.kind() == Key.Kind.ESCAPE || key.is('q')) {
            question = null;
        }
    }

    private void type(Key key) {
        switch (key.kind()) {
            case LETTER -> {
                if (typed.length() < MOST_TYPED) {
                    typed += Character.toString(key.letter());
                }
            }
            case BACKSPACE ->
                typed = typed.isEmpty() ? "" : typed.substring(0, typed.offsetByCodePoints(typed.length(), -1));
            case ESCAPE -> question = null;
            case ENTER -> {
                Question asked = question;
                String answer = typed.strip();
                question = null;
                if (!answer.isEmpty()) {
                    told(asked.onAnswer().apply(answer));
                }
            }
            default -> {
                // The line is edited at its end only.
            }
        }
    }

    private Answer askToKick(String who) {
        askYesNo(
                "kick " + who + "? its disk stays incomplete (y/n)",
                "kick " + who + "? (y/n)",
                yes -> orders.kick(who));
        return null;
    }

    /** Says in any case what comes of it: the session does not know of reports. */
    private Answer report(String file) {
        say.accept(orders.report(file).text());
        return null;
    }

    /** The session tells by itself of an order that was carried out. */
    private void told(Answer answer) {
        if (answer != null && !answer.isDone()) {
            say.accept(answer.text());
        }
    }
}
