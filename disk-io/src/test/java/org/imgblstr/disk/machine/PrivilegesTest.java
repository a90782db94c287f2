package org.imgblstr.disk.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.imgblstr.disk.machine.Privileges.Need;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In a process of its own, because no right comes back. Where a container does not let go, the process must go on all the same. */
class PrivilegesTest {
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aProcessWithFewerRightsGoesOn(boolean startsPrograms) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-cp",
                        System.getProperty("java.class.path"),
                        PrivilegesTest.class.getName(),
                        "" + startsPrograms)
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(said).isZero();
        boolean isFiltered = said.contains("Seccomp:\t2");
        assertThat(said)
                .as("a filter is there for all threads or for none")
                .contains(isFiltered ? "other thread Seccomp:\t2" : "other thread Seccomp:\t0")
                .contains(isFiltered && !startsPrograms ? "no program starts" : "a program starts")
                .contains("dropped CapEff:\t0000000000000000")
                .contains("all work");
    }

    /** The process: its other thread is older than the filter. */
    public static void main(String[] args) throws IOException, InterruptedException {
        CountDownLatch isReduced = new CountDownLatch(1);
        Thread other = new Thread(() -> {
            try {
                isReduced.await();
                System.out.println("other thread " + line("Seccomp:"));
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        other.start();
        Set<Need> needs = Boolean.parseBoolean(args[0]) ? EnumSet.of(Need.PROGRAMS) : EnumSet.noneOf(Need.class);
        Privileges.hide();
        Privileges.refuse(needs);
        isReduced.countDown();
        other.join();
        System.out.println(line("Seccomp:"));
        try {
            ChildProcess.of("true").start().waitFor();
            System.out.println("a program starts");
        } catch (IOException e) {
            System.out.println("no program starts");
        }
        Thread reader = new Thread(() -> {
            Privileges.dropCapabilities(true);
            Privileges.dropCapabilities(false);
            try {
                System.out.println("dropped " + line("CapEff:"));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        reader.start();
        reader.join();
        Files.delete(Files.createTempFile("privileges", ""));
        System.out.println("all work " + new File("/proc/self/fd").list().length);
    }

    private static String line(String name) throws IOException {
        List<String> lines = Files.readAllLines(Path.of("/proc/thread-self/status"), StandardCharsets.ISO_8859_1);
        return lines.stream().filter(line -> line.startsWith(name)).findFirst().orElse(name + "\t0");
    }
}
