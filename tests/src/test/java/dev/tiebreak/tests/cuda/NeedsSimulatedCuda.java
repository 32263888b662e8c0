package dev.tiebreak.tests.cuda;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIf;

/** These tests need the simulated CUDA, so Linux and g++; elsewhere they are skipped. */
@Tag("slow")
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@EnabledIf(
    value = "dev.tiebreak.tests.cuda.SimulatedCuda#available",
    disabledReason = "no g++ on Linux, so no simulated CUDA")
public @interface NeedsSimulatedCuda {}
