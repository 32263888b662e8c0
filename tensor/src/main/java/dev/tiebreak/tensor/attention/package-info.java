/**
 * Causal attention, the largest operation, and the cache for generating with it.
 *
 * <p>Read {@code AttentionScalar} first: thirty lines that say what is computed. The others give
 * the same, faster:
 *
 * <table>
 *   <caption>What runs where</caption>
 *   <tr><th>file</th><th>runs</th><th>how</th></tr>
 *   <tr><td>{@code AttentionScalar}</td><td>CPU, float64</td><td>loops: the definition</td></tr>
 *   <tr><td>{@code AttentionCpu}, {@code OnlineRows}, {@code BackwardRows}</td><td>CPU, float32</td>
 *       <td>blocks of matrix products with an online softmax between them</td></tr>
 *   <tr><td>{@code AttentionCuda}, {@code Attention.cu}</td><td>GPU, either type</td>
 *       <td>tiles in shared memory; chooses among the three of a GPU</td></tr>
 *   <tr><td>{@code AttentionTensorCores}</td><td>GPU, bfloat16</td><td>tensor cores</td></tr>
 *   <tr><td>{@code CudnnAttention}, {@code AttentionGraph}</td><td>GPU, bfloat16</td>
 *       <td>cuDNN, where there is one that can</td></tr>
 * </table>
 *
 * <p>Nothing in {@code dev.tiebreak.tensor} knows of it: it comes in through {@link
 * dev.tiebreak.tensor.Operation}, as an operation of yours would.
 */
package dev.tiebreak.tensor.attention;
