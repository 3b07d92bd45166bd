<?php
namespace OmsBridge;

/** Reads the fields of a write and refuses what the shop's columns would cut or bend. */
class Field
{
    const INT_MAX = 2147483647;

    public static function number($fields, $name, $least = 0, $most = self::INT_MAX)
    {
        if (!isset($fields[$name])) {
            throw Refusal::invalid($name, 'missing', 'The field ' . $name . ' is required.');
        }
        $value = $fields[$name];
        if (!is_int($value) && !(is_string($value) && preg_match('/^-?\d{1,18}$/D', $value))) {
            throw Refusal::invalid($name, 'not_a_whole_number', 'The field ' . $name . ' must be a whole number.');
        }
        if ((int)$value < $least || (int)$value > $most) {
            $reason = (int)$value < 0 && $least >= 0 ? 'negative' : 'out_of_range';
            throw Refusal::invalid($name, $reason, 'The field ' . $name . ' must be from ' . $least . ' to ' . $most . '.');
        }
        return (int)$value;
    }

    public static function optionalNumber($fields, $name, $default, $least = 0, $most = self::INT_MAX)
    {
        return isset($fields[$name]) ? self::number($fields, $name, $least, $most) : $default;
    }

    public static function flag($fields, $name, $default)
    {
        if (!isset($fields[$name])) {
            return $default;
        }
        if (in_array($fields[$name], array(true, 1, '1'), true)) {
            return 1;
        }
        if (in_array($fields[$name], array(false, 0, '0'), true)) {
            return 0;
        }
        throw Refusal::invalid($name, 'not_a_flag', 'The field ' . $name . ' must be 0 or 1.');
    }

    /** A decimal as text with exactly $scale digits behind the point; more digits than the column keeps are refused. */
    public static function decimal($value, $name, $scale = 4)
    {
        if (is_float($value)) {
            $value = rtrim(sprintf('%.8F', $value), '0');
        }
        $text = is_int($value) || is_string($value) ? (string)$value : '';
        if (!preg_match('/^(-?)(\d+)(?:\.(\d*))?$/D', $text, $m)) {
            throw Refusal::invalid($name, 'not_a_number', 'The field ' . $name . ' must be a decimal number.');
        }
        $whole = ltrim($m[2], '0');
        $fraction = isset($m[3]) ? rtrim($m[3], '0') : '';
        if ($m[1] === '-' && ($whole !== '' || $fraction !== '')) {
            throw Refusal::invalid($name, 'negative', 'The field ' . $name . ' must not be negative.');
        }
        if (strlen($fraction) > $scale || strlen($whole) > 15 - $scale) {
            throw Refusal::invalid($name, 'out_of_range', 'The shop keeps ' . (15 - $scale) . ' digits before and ' . $scale . ' behind the point.');
        }
        return ($whole === '' ? '0' : $whole) . '.' . str_pad($fraction, $scale, '0');
    }

    /** Plain text as the shop stores it, or a refusal when the column cannot hold it whole. */
    public static function text(Bridge $bridge, $table, $column, $value, $name)
    {
        if (is_int($value) || is_float($value)) {
            $value = (string)$value;
        }
        if (!is_string($value)) {
            throw Refusal::invalid($name, 'not_text', 'The field ' . $name . ' must be text.');
        }
        $stored = Text::stored($value);
        $facts = $bridge->schema->column($table, $column);
        if ($facts === null) {
            return $stored;
        }
        $inBytes = strpos($facts['type'], 'text') !== false;
        $length = $inBytes ? strlen($stored) : Text::length($stored);
        if ($facts['length'] !== null && $length > (int)$facts['length']) {
            throw Refusal::invalid($name, 'too_long', 'The text is longer than the shop keeps.', array('limit' => (int)$facts['length'], 'length' => $length));
        }
        if (Text::hasEmoji($stored) && ($facts['charset'] !== 'utf8mb4' || !$bridge->db->carriesEmoji())) {
            throw Refusal::invalid($name, 'characters', 'This shop cannot keep emoji and other characters of four bytes.');
        }
        return $stored;
    }

    /** A day as YYYY-MM-DD, or the shop's zero date for none. */
    public static function day($fields, $name)
    {
        if (!isset($fields[$name])) {
            return '0000-00-00';
        }
        $value = $fields[$name];
        if (!is_string($value) || !preg_match('/^(\d{4})-(\d\d)-(\d\d)$/D', $value, $m) || !checkdate((int)$m[2], (int)$m[3], (int)$m[1])) {
            throw Refusal::invalid($name, 'not_a_day', 'The field ' . $name . ' must be a day as YYYY-MM-DD.');
        }
        return $value;
    }

    public static function key($fields)
    {
        if (!isset($fields['key']) || !is_string($fields['key']) || !preg_match('/^[\x21-\x7e]{1,128}$/D', $fields['key'])) {
            throw Refusal::invalid('key', 'malformed', 'The key must be 1 to 128 printable characters.');
        }
        return $fields['key'];
    }
}
