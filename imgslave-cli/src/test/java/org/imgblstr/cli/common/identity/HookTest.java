package org.imgblstr.cli.common.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.imgblstr.cli.common.finish.ToolException;
import org.imgblstr.cli.common.program.CliException;
import org.junit.jupiter.api.Test;
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
}
