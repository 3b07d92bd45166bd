<?php
namespace OmsBridge;

/** The counters of many products at once. */
class StockReader
{
    private $db;
    private $schema;

    public function __construct(Bridge $bridge)
    {
        $this->db = $bridge->db;
        $this->schema = $bridge->schema;
    }

    public function page(Call $call)
    {
        $ids = $call->ids(5000);
        $columns = $this->schema->select('product', array('product_id', 'master_id', 'quantity', 'subtract', 'status', 'variant', 'date_modified'));
        $select = 'SELECT ' . $columns . ' FROM ' . $this->db->table('product');
        $next = null;
        if ($ids === null) {
            $limit = $call->number('limit', 100, 1, 5000);
            list($rows, $next) = Page::of($this->db, $select, '`product_id`', $call->number('after_id', 0, 0, 4294967295), $limit);
        } else {
            $rows = $this->db->rows($select . ' WHERE `product_id` IN (' . Db::ints($ids) . ') ORDER BY `product_id`');
        }
        $options = $this->db->grouped('SELECT `product_id`, `product_option_id`, `option_id`, `product_option_value_id`, `option_value_id`, `quantity`, `subtract` FROM '
            . $this->db->table('product_option_value') . ' WHERE `product_id` IN (' . Db::ints(Page::column($rows, 'product_id')) . ') ORDER BY `product_option_value_id`', 'product_id');
        foreach ($rows as $i => $row) {
            $rows[$i]['options'] = Page::without($options, $row['product_id'], 'product_id');
        }
        return new Answer($rows, $next);
    }
}
