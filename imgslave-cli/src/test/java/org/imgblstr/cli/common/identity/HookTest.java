package org.imgblstr.cli.common.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.imgblstr.cli.common.finish.ToolException;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.disk.device.DiskIdentity;
import org.imgblstr.disk.device.Disks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs that are run when a disk is complete. */
class HookTest {
    @TempDir
    Path folder;

    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());

    private Path script(String text) throws Exception {
        Path file = Files.writeString(folder.resolve("hook.sh"), "#!/bin/sh\n" + text + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file;
    }

    @Test
    void eachLineIsToldAndTheEnvironmentIsThere() throws Exception {
        Path file = script("echo \"$IMGBLSTR_DISK\"; echo two >&2; printf 'three\\033[2J'; read line || echo no input");
        String last = new Hook(file, lines::add).run(Map.of("IMGBLSTR_DISK", "/dev/sdx"));
        assertThat(last).isEqualTo("hook.sh: three\uFFFD[2Jno input");
        assertThat(lines).containsExactly("hook.sh: /dev/sdx", "hook.sh: two", "hook.sh: three\uFFFD[2Jno input");
    }

    @Test
    void aFailureHasTheLastWords() throws Exception {
        Path file = script("echo begin; echo '  it is full  '; echo; exit 3");
        assertThatThrownBy(() -> new Hook(file, lines::add).run(Map.of()))
                .isInstanceOf(ToolException.class)
                .hasMessage("the hook " + file + " ended with exit code 3: it is full");
    }

    @Test
    void whatCannotBeRunIsSaid() throws Exception {
        Path file = Files.writeString(folder.resolve("text"), "no program");
        assertThatThrownBy(() -> new Hook(file, lines::add).run(Map.of()))
                .isInstanceOf(ToolException.class)
                .hasMessageContaining("cannot be run");
        for (Path each : List.of(file, folder, folder.resolve("nothing"))) {
            Identity identity = new Identity(new Wish(false, null, List.of(each)), () -> new Machine(0, "a", "", ""));
            assertThatThrownBy(() -> identity.check(true))
                    .isInstanceOf(CliException.class)
                    .hasMessageContaining("expected a program that can be run");
        }
    }

    /** What goes on in the background keeps the output open, and is not waited for. */
    @Test
    void aProgramThatIsLeftBehindIsNotWaitedFor() throws Exception {
        long begun = System.nanoTime();
        new Hook(script("sleep 20 & echo started"), lines::add).run(Map.of());
        assertThat(lines).contains("hook.sh: started");
        assertThat(System.nanoTime() - begun).isLessThan(15_000_000_000L);
    }

    @Test
    @Timeout(60)
    void anInterruptEndsTheHookAndWhatItHasStarted() throws Exception {
        Path pids = folder.resolve("pids");
        Path file = script("trap '' TERM; sleep 300 & echo $! > " + pids + "; echo $$ >> " + pids
                + "; echo begun; while :; do sleep 1; done");
        Hook hook = new Hook(file, lines::add);
        Thread operator = new Thread(() -> {
            while (!lines.contains("hook.sh: begun")) {
                Thread.onSpinWait();
            }
            hook.stop();
        });
        operator.start();
        assertThatThrownBy(() -> hook.run(Map.of()))
                .isInstanceOf(ToolException.class)
                .hasMessage("the hook " + file + " was ended");
        for (String pid : Files.readAllLines(pids)) {
            while (runs(pid)) {
                Thread.onSpinWait(); // the kernel ends it in its own time
            }
        }
    }

    /** Whether the process exists, and is more than an entry that nobody has asked for yet. */
    private static boolean runs(String pid) {
        try {
            String stat = Files.readString(Path.of("/proc", pid, "stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void aHookThatIsEndedBeforeItBeginsDoesNotRun() throws Exception {
        Hook hook = new Hook(script("echo ran"), lines::add);
        hook.stop();
        assertThatThrownBy(() -> hook.run(Map.of())).hasMessageEndingWith("was not run");
        assertThat(lines).isEmpty();
    }

    @Test
    void aHookThatFailsIsAllThatIsLacking() throws Exception {
        Path file = script("exit 3");
        IdentityStep step = step(new Wish(false, null, List.of(file)));
        assertThat(step.whenFree(blankDisk(), true)).isEqualTo("the hook " + file + " ended with exit code 3");
        assertThat(step.remark()).isEmpty();
    }

    @Test
    void aHostNameThatNobodyGotIsNoneOfTheThingsThatWereDone() throws Exception {
        IdentityStep step = step(new Wish(false, "lab", List.of(script("echo ran"))));
        assertThat(step.whenFree(blankDisk(), true)).startsWith("it was not adapted: ");
        assertThat(step.remark()).isEmpty();
        assertThat(lines).doesNotContain("hook.sh: ran");
    }

    private IdentityStep step(Wish wish) {
        Identity identity = new Identity(wish, () -> new Machine(0, "a", "", ""));
        return new IdentityStep(identity, () -> -1, lines::add, lines::add);
    }

    private DiskIdentity blankDisk() throws Exception {
        return Disks.identify(
                Files.write(folder.resolve("disk"), new byte[1 << 20]).toString());
    }

    @Test
    @Timeout(60)
    void moreThanOneMebibyteIsReadAndNotHandedOn() throws Exception {
        String last = new Hook(
                        script("yes 0123456789012345678901234567890 | head -c 4000000; echo; echo the end"), lines::add)
                .run(Map.of());
        assertThat(last).isEqualTo("hook.sh: the end");
        assertThat(lines).hasSize((1 << 20) / 32 + 1);
        assertThat(lines.get(lines.size() - 1)).isEqualTo("hook.sh: ... more lines are not shown");
    }
}
