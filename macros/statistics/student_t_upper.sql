{#-
    Upper tail of Student's t at t >= 0 by the trapezoidal rule, which converges geometrically here. Reads, in a body of `staged`, `it.v` (the degrees
    of freedom), `it.n` = v + 1, `it.u` = ln(1 + t²/v) and `it.y` = t²/(v + t²).
    The tail is 1/π ∫ (1 + t²/(v sin²θ))^(-v/2) dθ from 0 to π/2. With 1/sin²θ = 1 + (exp(2h) - 1)/y and h = a/n = r²/2n its integrand falls like
    exp(-r²/2); it is summed at the middles of 20 steps of r, each 0.4. The last term is what the pole at r² = -n u adds to the error of such a sum.
-#}
{% macro student_t_upper() -%}
    {%- set points = [] -%}
    {%- for number in range(20) -%}
        {%- do points.append(((2 * number + 1) * (2 * number + 1) * 0.02) | round(2) ~ "e0") -%}
    {%- endfor -%}
    {%- set term -%}
        exp((1.5e0 - it.v) * a / it.n - it.u * it.v / 2e0) * sqrt(a / it.n / sinh(a / it.n))
        / (it.y + 2e0 * sinh(a / it.n) * exp(a / it.n))
    {%- endset -%}
    (
        0.12732395447351628e0 * sqrt(it.y / it.n) * {{ sum_over("a", points, term) }}
        + case when it.n * it.u < 64e0 then 1e0 / (1e0 + exp(15.707963267948966e0 * sqrt(it.n * it.u))) else 0e0 end
    )
{%- endmacro %}
