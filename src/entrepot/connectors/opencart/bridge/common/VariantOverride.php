<?php
namespace OmsBridge;

/** What a variant keeps for itself (4.x): saving its master rewrites every column that its `override` does not name. */
class VariantOverride
{
    /** The stored override with one more column named in it. */
    public static function with($stored, $column)
    {
        $override = json_decode((string)$stored, true);
        $override = is_array($override) ? $override : array();
        $override[$column] = '1';
        return json_encode($override);
    }
}
