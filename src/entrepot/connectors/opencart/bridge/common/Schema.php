<?php
namespace OmsBridge;

/**
 * The tables and columns this shop really has.
 *
 * OpenCart moved columns within patch releases and forks move them again, so nothing here asks for a version number.
 */
class Schema
{
    private static $known = array(
        'product', 'product_attribute', 'product_code', 'product_description', 'product_discount', 'product_filter', 'product_image',
        'product_option', 'product_option_value', 'product_recurring', 'product_related', 'product_report', 'product_reward',
        'product_special', 'product_subscription', 'product_to_category', 'product_to_download', 'product_to_layout', 'product_to_store',
        'product_variant', 'product_viewed', 'review', 'coupon_product', 'seo_url', 'manufacturer', 'manufacturer_to_store',
        'attribute', 'attribute_description', 'attribute_group', 'attribute_group_description',
        'category', 'category_to_store', 'option', 'option_description', 'option_value', 'option_value_description',
        'order', 'order_product', 'order_option', 'order_total', 'order_history', 'order_voucher', 'order_subscription',
        'identifier', 'zone_description', 'api_session', 'startup', 'event', 'setting', 'stock_status', 'store', 'country',
    );
    private $db;
    private $tables = null;

    public function __construct(Db $db)
    {
        $this->db = $db;
    }

    public function has($table)
    {
        $this->load();
        return isset($this->tables[$table]);
    }

    public function columns($table)
    {
        $this->load();
        return isset($this->tables[$table]) ? array_keys($this->tables[$table]) : array();
    }

    public function hasColumn($table, $column)
    {
        $this->load();
        return isset($this->tables[$table][$column]);
    }

    /** array('type', 'length', 'charset') of a column, or null. */
    public function column($table, $column)
    {
        $this->load();
        return isset($this->tables[$table][$column]) ? $this->tables[$table][$column] : null;
    }

    /** Of the wanted columns those that exist, ready for SELECT. */
    public function select($table, $wanted, $alias = '')
    {
        $list = array();
        foreach ($wanted as $column) {
            if ($this->hasColumn($table, $column)) {
                $list[] = ($alias === '' ? '' : $alias . '.') . '`' . $column . '`';
            }
        }
        return implode(', ', $list);
    }

    public function existing($tables)
    {
        return array_values(array_filter($tables, array($this, 'has')));
    }

    private function load()
    {
        if ($this->tables !== null) {
            return;
        }
        $names = array();
        foreach (self::$known as $table) {
            $names[] = $this->db->quote($this->db->prefix() . $table);
        }
        $sql = 'SELECT TABLE_NAME AS t, COLUMN_NAME AS c, DATA_TYPE AS d, CHARACTER_MAXIMUM_LENGTH AS l, CHARACTER_SET_NAME AS s'
            . ' FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME IN (' . implode(',', $names) . ')'
            . ' ORDER BY TABLE_NAME, ORDINAL_POSITION';
        $this->tables = array();
        foreach ($this->db->rows($sql) as $row) {
            $table = substr($row['t'], strlen($this->db->prefix()));
            $this->tables[$table][$row['c']] = array('type' => strtolower($row['d']), 'length' => $row['l'], 'charset' => $row['s']);
        }
    }
}
