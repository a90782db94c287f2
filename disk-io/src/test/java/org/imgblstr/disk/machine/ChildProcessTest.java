package org.imgblstr.disk.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChildProcessTest {
    @Test
    void aChildGetsNoCodeOfTheEnvironmentAndAllTheRest() throws IOException, InterruptedException {
        // A program between has the variables, as a start script sets them before Java starts.
        List<String> java = List.of(
                System.getProperty("java.home") + "/bin/java",
                "-cp",
                System.getProperty("java.class.path"),
                ChildProcessTest.class.getName());
        ProcessBuilder program = new ProcessBuilder(java);
        Map<String, String> environment = program.environment();
        ChildProcess.SECRETS.forEach(name -> environment.put(name, "acid-acrobat"));
        environment.put("IMGBLSTR_TEST_MARK", "kept");
        Process process = program.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said).contains("IMGBLSTR_TEST_MARK=kept").doesNotContain("acrobat");
        assertThat(ChildProcess.SECRETS).contains("IMGBLSTR_CODE", "IMGSLAVE_CODE");
    }

    /** The program between. */
    public static void main(String[] args) throws IOException, InterruptedException {
        List<String> lacking = new ArrayList<>(ChildProcess.SECRETS);
        lacking.removeIf(name -> System.getenv(name) != null);
        if (!lacking.isEmpty()) {
            throw new IllegalStateException("the program has no " + lacking);
        }
        System.exit(ChildProcess.of("env").inheritIO().start().waitFor());
    }
}
