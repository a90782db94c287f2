package org.imgblstr.disk;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
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
import org.imgblstr.disk.device.Disks;
import org.junit.jupiter.api.Test;

/** Rules of the two lowest modules that the classes of one module can tell; who may know whom is in that of the protocol. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
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
            .because("the exit code and the remedy follow from the kind of a failure: take DeviceException,"
                    + " MalformedImageException, FileSystemException, or a new kind beside them");

    @Test
    void eachFailureHasAKind() {
        assertThat(CLASSES.contain(Disks.class)).isTrue();
        EACH_FAILURE_HAS_A_KIND.check(CLASSES);
    }

    @Test
    void aFailureWithoutAKindIsNoticed() {
        JavaClasses bare = new ClassFileImporter().importClasses(WithoutKind.class);
        assertThatThrownBy(() -> EACH_FAILURE_HAS_A_KIND.check(bare))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("WithoutKind.fail()");
    }

    private static final class WithoutKind {
        @SuppressWarnings("UnusedMethod") // read by the rule
        static void fail() throws IOException {
            throw new IOException("no kind");
        }
    }
}
