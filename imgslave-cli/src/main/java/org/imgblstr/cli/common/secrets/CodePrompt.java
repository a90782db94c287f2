package org.imgblstr.cli.common.secrets;

import java.io.IOException;
import java.io.PrintStream;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.cli.common.program.Questions;
import org.imgblstr.cli.common.program.Setting;
import org.imgblstr.sealing.schedule.SessionSeal;
import org.imgblstr.sealing.secret.JoinCode;
import org.imgblstr.sealing.secret.SecretException;

/**
 * Asks a technician at a terminal for the words of a join code, at most three times. A word that is not on the list is asked for again at once and is no
 * try. What is typed is in no log and in no event. One thread.
 */
public final class CodePrompt {
    private static final int MOST_TRIES = 3;

    private final SecretOptions secrets;
    private final Setting setting;
    private final boolean isAllowed;
    private int tries;

    /** {@code isAllowed}: whether questions are wanted at all. */
    public CodePrompt(SecretOptions secrets, Setting setting, boolean isAllowed) {
        this.secrets = secrets;
        this.setting = setting;
        this.isAllowed =
                isAllowed && secrets.mayAskForCode() && setting.streams().canAsk();
    }

    /**
     * Before the slave listens: whether there is a secret, or somebody who can tell one.
     *
     * @throws CliException exit code 16: there is neither
     */
    public void check() {
        secrets.checkForSlave(isAllowed);
    }

    /** What sessions are sealed with now; null when they are open, or no code was told yet. */
    public SessionSeal seal() {
        return secrets.seal();
    }

    /** Whether there is no secret, so that no session can be taken before a code is told. */
    public boolean isCodeLacking() {
        return secrets.seal() == null && !secrets.isOpen();
    }

    /** Whether sessions that are not sealed are taken. */
    public boolean takesOpen() {
        return secrets.isOpen();
    }

    /** Whether there is somebody to ask, who has a try left. */
    public boolean mayAsk() {
        return isAllowed && tries < MOST_TRIES;
    }

    /**
     * Asks until five words of the list are there, and computes their key. An empty line is asked again: it never means an open session.
     *
     * @throws CliException exit code 130: interrupted; 15: the terminal was closed; 16: this machine cannot compute keys of codes
     */
    public void ask() throws IOException {
        tries++;
        setting.streams().forgetTyped();
        Questions questions = new Questions(setting);
        while (true) {
            String text = questions.text("join code, five words (Ctrl-C ends)");
            try {
                secrets.use(JoinCode.parse(text));
                return;
            } catch (SecretException e) {
                tell(text, e, setting.streams().err());
            }
        }
    }

    /** The word itself stands on the terminal already, where it was typed. */
    private static void tell(String text, SecretException e, PrintStream err) {
        String wrong = e.word() == 0 ? "" : "'" + JoinCode.typed(text).get(e.word() - 1) + "': ";
        err.println(wrong + e.getMessage());
    }
}
