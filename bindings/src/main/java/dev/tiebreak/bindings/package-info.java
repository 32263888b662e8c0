/**
 * C functions, called safely from Java. What lives here: finding and loading native libraries, and
 * one checked method per C function. What does not: tensors, threads, anything that decides what to
 * compute. The generated sources under {@code raw} are seen by nobody else. OpenBLAS is here, the
 * GPU's libraries are in {@link dev.tiebreak.bindings.cuda}.
 *
 * <p>From C header to checked call:
 *
 * <ol>
 *   <li>{@code bindings/jextract/cblas.symbols} lists the functions we want of {@code cblas.h}.
 *   <li>{@code bindings/jextract/extract.sh} lets jextract write {@code raw.cblas.Cblas}: for each
 *       function its address, a method handle and a static Java method, all unchecked.
 *   <li>{@code OpenBlasLocator} finds the library: a path you name, or the one in the OpenBLAS jar,
 *       which {@code NativeCache} unpacks once and verifies each time.
 *   <li>{@link dev.tiebreak.bindings.OpenBlas#load OpenBlas.load} loads it by absolute path and
 *       looks every function up; only then is {@code Cblas} initialised. What fails is a {@link
 *       dev.tiebreak.bindings.NativeLibraryException} that says what, where and what to do.
 *   <li>{@link dev.tiebreak.bindings.OpenBlas#sgemm OpenBlas.sgemm} compares the numbers of a
 *       {@link dev.tiebreak.bindings.Matmul} with the sizes of three segments, then calls {@code
 *       Cblas.cblas_sgemm}.
 * </ol>
 */
package dev.tiebreak.bindings;
