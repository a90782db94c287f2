package org.imgblstr.cli.master;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.cli.common.program.Failures;
import org.imgblstr.cli.common.program.Questions;
import org.imgblstr.cli.common.secrets.SecretOptions;
import org.imgblstr.cli.master.job.BroadcastOptions;
import org.imgblstr.cli.master.job.RunOptions;
import org.imgblstr.protocol.transport.network.InterfaceChooser;

/** Lets the operator choose how slaves are awaited and served: how many, by which interface, all bytes or what they lack, sealed or open. */
final class SessionMenu {
    private static final String ANY = "any";

    private static final List<String> SEALINGS = List.of(
            "sealed by a join code: five words that are shown here and typed at each slave",
            "sealed by a key file of 'imgblstr keygen'",
            "open: whoever is in the network can read and change it");
    private static final int CODE = 0;
    private static final int KEY_FILE = 1;

    private final Questions questions;
    private final PrintStream err;
    private final RunOptions options;
    private final List<String> words = new ArrayList<>();

    SessionMenu(Questions questions, PrintStream err, RunOptions options) {
        this.questions = questions;
        this.err = err;
        this.options = options;
    }

    /** What was chosen, as words of a command; the options that the command line had are not among them. */
    List<String> words() {
        return words;
    }

    /** Asks, and puts the answers into the options. */
    void ask() throws IOException {
        if (!options.broadcast().isStartGiven()) {
            askSlaves();
        }
        if (options.common().interfaceName() == null) {
            askInterface();
        }
        if (!options.read().isDelta() && questions.yes("Send only what the slaves' disks lack (delta)?")) {
            options.read().chooseDelta();
            words.add("--delta");
        }
        if (!options.broadcast().secrets().isChosen()) {
            askSealing();
        }
    }

    private void askSealing() throws IOException {
        SecretOptions secrets = options.broadcast().secrets();
        switch (questions.choose("The session is", SEALINGS)) {
            case CODE -> {
                secrets.chooseNewCode();
                words.addAll(List.of("--code", "new"));
            }
            case KEY_FILE -> askKeyFile(secrets);
            default -> {
                secrets.chooseOpen();
                words.add("--open");
            }
        }
    }

    /** Until there is one that a master can use. */
    private void askKeyFile(SecretOptions secrets) throws IOException {
        while (true) {
            String answer = questions.text("Key file, full path");
            try {
                secrets.chooseKeyFile(Path.of(answer));
                words.addAll(List.of("--key-file", answer));
                return;
            } catch (InvalidPathException | CliException e) {
                err.println(Failures.message(e));
            }
        }
    }

    private void askSlaves() throws IOException {
        while (true) {
            String answer = questions.text("Slaves to wait for, a number; with any, you start by Enter", ANY);
            if (answer.equals(ANY)) {
                return;
            }
            if (answer.matches("[1-9]\\d{0,4}") && Integer.parseInt(answer) <= BroadcastOptions.MOST_SLAVES) {
                options.broadcast().chooseSlaves(Integer.parseInt(answer));
                words.addAll(List.of("--slaves", answer));
                return;
            }
            err.println("'" + answer + "' is not a choice; type a number from 1 to " + BroadcastOptions.MOST_SLAVES
                    + ", or any");
        }
    }

    /** Only when there is a choice. */
    private void askInterface() throws IOException {
        List<InterfaceChooser.Usable> usable = InterfaceChooser.usable();
        if (usable.size() < 2) {
            return;
        }
        int chosen = questions.choose(
                "Network interface",
                usable.stream().map(InterfaceChooser.Usable::description).toList());
        String name = usable.get(chosen).name();
        options.common().chooseInterface(name);
        words.addAll(List.of("--interface", name));
    }
}
