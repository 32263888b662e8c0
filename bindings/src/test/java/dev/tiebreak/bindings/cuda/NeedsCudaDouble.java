package dev.tiebreak.bindings.cuda;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * Tests of this class need the stand-in for CUDA, so a C compiler; without one they are skipped.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@EnabledIf(
    value = "dev.tiebreak.bindings.cuda.CudaDouble#available",
    disabledReason = "no C compiler (cc), so no stand-in for CUDA")
@interface NeedsCudaDouble {}
