package org.imgblstr.cli.master;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.imgblstr.cli.common.program.Failures;
import org.imgblstr.codec.ContentDigest;
import org.imgblstr.disk.device.Disks;
import org.imgblstr.disk.machine.ChildProcess;
import org.imgblstr.protocol.session.MasterSession;
import org.imgblstr.sealing.primitive.Primitives;
import org.junit.jupiter.api.Test;

/** Arrows between modules and packages: docs/architecture.md, section 1. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.imgblstr");

    private static final DescribedPredicate<JavaClass> BARE = DescribedPredicate.describe(
            "a bare IOException, EOFException or UncheckedIOException",
            type -> type.isEquivalentTo(IOException.class)
                    || type.isEquivalentTo(EOFException.class)
                    || type.isEquivalentTo(UncheckedIOException.class));

    /** A kind of our own calls the constructor of its superclass, and so may. */
    private static final ArchRule EACH_FAILURE_HAS_A_KIND = noClasses()
            .that()
            .areNotAssignableTo(IOException.class)
            .should()
            .callConstructorWhere(target(owner(BARE)))
            .because("the exit code and the next step follow from the kind of a failure: take DeviceException,"
                    + " MalformedImageException, NetworkException, FileSystemException, or a new kind beside them");

    @Test
    void packagesFormNoCircle() {
        slices().matching("org.imgblstr.(**)")
                .should()
                .beFreeOfCycles()
                .because("a package of a circle can be read, tested and replaced only together with the others")
                .check(CLASSES);
    }

    @Test
    void onlyTheProgramsKnowPicocliLogbackAndJackson() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.imgblstr.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("picocli..", "ch.qos.logback..", "com.fasterxml..")
                .because("how a program is called, logs and reports is the business of its command line")
                .check(CLASSES);
    }

    @Test
    void theProgramsKnowNoNettyNoJnaAndNoZstd() {
        noClasses()
                .that()
                .resideInAPackage("org.imgblstr.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty..", "com.sun.jna..", "com.github.luben..")
                .because("each library has one module that knows it")
                .check(CLASSES);
    }

    @Test
    void onlyTheTerminalKnowsJLine() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.imgblstr.cli.common.terminal..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.jline..")
                .because("what a screen shows is to be tested without a terminal")
                .check(CLASSES);
    }

    @Test
    void whatBothProgramsShareKnowsNeither() {
        noClasses()
                .that()
                .resideInAPackage("org.imgblstr.cli.common..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.imgblstr.cli.master..", "org.imgblstr.cli.slave..")
                .because("a change of one program must not reach the other")
                .check(CLASSES);
    }

    @Test
    void theSlaveDoesNotKnowTheMaster() {
        noClasses()
                .that()
                .resideInAPackage("org.imgblstr.cli.slave..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.imgblstr.cli.master..")
                .because("imgslave is shipped without imgblstr")
                .check(CLASSES);
    }

    @Test
    void onlyTextOfHelpIsFormatted() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "..cli.common.help..", "..cli.master.command..", "..cli.master.demo..", "..dist..")
                .should()
                .callMethodWhere(target(owner(type(String.class))).and(target(nameMatching("format|formatted"))))
                .because("the first such call costs each start 20 milliseconds; Decimals and HexFormat do the same")
                .check(CLASSES);
    }

    @Test
    void noProgramIsStartedWithASecretInItsEnvironment() {
        noClasses()
                .that()
                .areNotAssignableTo(ChildProcess.class)
                .and()
                .resideOutsideOfPackage("..dist..")
                .should()
                .callConstructorWhere(target(owner(type(ProcessBuilder.class))))
                .because("ChildProcess leaves join codes out of the environment of programs that it starts")
                .check(CLASSES);
    }

    @Test
    void eachFailureHasAKind() {
        EACH_FAILURE_HAS_A_KIND.check(CLASSES);
    }

    @Test
    void aFailureWithoutAKindIsNoticed() {
        JavaClasses bare = new ClassFileImporter().importClasses(WithoutKind.class);
        assertThatThrownBy(() -> EACH_FAILURE_HAS_A_KIND.check(bare))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("WithoutKind.fail()");
    }

    /** A rule over classes that are not there would hold. */
    @Test
    void allSixModulesAreLookedAt() {
        assertThat(List.of(
                        ContentDigest.class,
                        Primitives.class,
                        Disks.class,
                        MasterSession.class,
                        Failures.class,
                        ImgblstrMain.class))
                .allMatch(CLASSES::contain);
    }

    private static final class WithoutKind {
        @SuppressWarnings("UnusedMethod") // read by the rule
        static void fail() throws IOException {
            throw new IOException("no kind");
        }
    }
}
