{#-
    Upper tail of the normal distribution by the three rational approximations of W. J. Cody. In the tails the square is split, so that its rounding is
    not magnified by `exp`; the split ends at 37, where `exp` still has all its digits.
-#}
{% macro normal_sf(z) -%}
    {%- set centre_over = [
        "18154.981253343561e0", "1067.6894854603710e0", "161.02823106855588e0", "2.2352520354606839e0", "0.065682337918207450e0"
    ] -%}
    {%- set centre_under = ["45507.789335026730e0", "10260.932208618978e0", "976.09855173777670e0", "47.202581904688242e0", "1e0"] -%}
    {%- set middle_over = [
        "9842.7148383839780e0", "11602.651437647350e0", "6848.1904505362823e0", "2494.5375852903727e0", "597.27027639480026e0",
        "93.506656132177856e0", "8.8831497943883759e0", "0.39894151208813467e0", "1.0765576773720192e-8"
    ] -%}
    {%- set middle_under = [
        "19685.429676859991e0", "38912.003286093271e0", "34900.952721145978e0", "18615.571640885098e0", "6485.5582982667608e0",
        "1519.3775994075548e0", "235.38790178262500e0", "22.266688044328116e0", "1e0"
    ] -%}
    {%- set far_over = [
        "2.9112874951168792e-5", "1.4216191932278935e-3", "0.022235277870649807e0", "0.12740116116024736e0", "0.21589853405795699e0",
        "0.023073441764940173e0"
    ] -%}
    {%- set far_under = [
        "7.2975155508396621e-5", "3.7823963320275824e-3", "0.065988137868928552e0", "0.46823821248086512e0", "1.2842600961449112e0", "1e0"
    ] -%}
    {%- set body -%}
        case
            when isnan(it.z) or it.z is null then null
            when it.y <= 0.67448975e0
                then 0.5e0 - it.z * {{ polynomial("it.s", centre_over) }} / {{ polynomial("it.s", centre_under) }}
            else abs(
                case when it.z < 0e0 then 1e0 else 0e0 end
                - case
                    when it.y <= 5.656854249492380e0
                        then {{ polynomial("it.y", middle_over) }} / {{ polynomial("it.y", middle_under) }}
                    else (
                        0.3989422804014327e0 - it.i * {{ polynomial("it.i", far_over) }} / {{ polynomial("it.i", far_under) }}
                    ) / it.y
                end * exp((it.k - it.y) * (it.k + it.y) / 2e0) * exp(-it.k * it.k / 2e0)
            )
        end
    {%- endset -%}
    {{ staged(
        [
            {"z": "cast(" ~ z ~ " as double)"},
            {"y": "least(abs(it.z), 40e0)"},
            {
                "s": "it.y * it.y",
                "i": "1e0 / greatest(it.y * it.y, 1e0)",
                "k": "least(floor(16e0 * it.y) / 16e0, 37e0)",
            },
        ],
        body,
    ) }}
{%- endmacro %}
